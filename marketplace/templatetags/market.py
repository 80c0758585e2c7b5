"""Template filters of the trade: money, quantities, times."""

from django import template

register = template.Library()
