"""The demo: enough articles, well formed, and loading twice changes nothing."""
from __future__ import annotations

import re
from datetime import date

import pytest

from kb_connector.demo import load_demo, read_articles

ARTICLES = read_articles()


def test_there_are_enough_articles_with_ids_of_their_own():
    assert len(ARTICLES) >= 70 and len({article.id for article in ARTICLES}) == len(ARTICLES)


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.id)
def test_each_article_is_short_sourced_and_promises_nothing(article):
    assert 60 <= len(article.answer) <= 220 and 4 <= len(article.phrasings) <= 8
    assert re.search("《.+》", article.source) and article.category
    assert not re.search("保证|绝对|肯定能|一定会|四十五个工作日|45个工作日", article.answer)
    assert not re.search("[一-鿿][,;:?!]", article.answer)


def test_legal_figures_are_shown_as_usual_and_not_as_certain():
    figures = [article for article in ARTICLES if re.search("三倍|十倍|七日内|十五日|四十八小时|一年保修", article.answer)]
    assert figures and all("一般" in article.answer for article in figures)


def test_loading_twice_changes_nothing(records):
    load_demo(records)
    records.knowledge.delete("return-7days")
    records.knowledge.update("refund-time", {"answer": "编辑改过的答案。"})
    load_demo(records)
    assert len(records.knowledge.articles()) == len(ARTICLES) - 1
    assert records.knowledge.get("refund-time").answer == "编辑改过的答案。"


def test_customers_and_orders_are_there_and_dated_from_the_day_of_loading(records, clock):
    load_demo(records)
    people = [records.customers.find_by_phone(f"138000000{n:02d}") for n in range(1, 13)]
    assert all(people)
    orders = [order for person in people for order in records.customers.orders_of(person.phone)]
    assert len(orders) == 25
    assert all(date.fromisoformat(order.ordered_on) < clock().date() for order in orders)
    assert records.customers.order(orders[0].id.lower()) == orders[0]


@pytest.mark.parametrize("phone", ["+86 138-0000-0001", "8613800000001", "13800000001"])
def test_a_phone_is_known_however_it_is_written(records, phone):
    load_demo(records)
    assert records.customers.find_by_phone(phone).name == "李静"


def test_strangers_and_unknown_orders_are_none(records):
    load_demo(records)
    assert records.customers.find_by_phone("13911112222") is None and records.customers.find_by_phone("") is None
    assert records.customers.orders_of("13911112222") == [] and records.customers.order("NOPE") is None
