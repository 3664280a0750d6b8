"""`tingsu bench` counts right: what it prints is what was measured."""
from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
import typer
import yaml

from bot.commands import bench
from bot.commands.benchmarks import accuracy, load, sides, turns
from bot.commands.benchmarks.http import Connection
from bot.settings import ROOT, Settings


def test_the_baseline_knows_the_same_intents_and_entities_as_this_project() -> None:
    ours = yaml.safe_load((ROOT / "bot/domain/_shared.yml").read_text(encoding="utf-8"))
    stock = yaml.safe_load((sides.STOCK / "domain.yml").read_text(encoding="utf-8"))
    assert stock["intents"] == [next(iter(i)) if isinstance(i, dict) else i for i in ours["intents"]]
    assert stock["entities"] == ours["entities"]


def test_the_baseline_is_rasas_own_pipeline_with_its_own_epochs() -> None:
    config = yaml.safe_load((sides.STOCK / "config.yml").read_text(encoding="utf-8"))
    assert [c["name"] for c in config["pipeline"]] == ["JiebaTokenizer", "RegexFeaturizer", "LexicalSyntacticFeaturizer", "CountVectorsFeaturizer",
                                                       "CountVectorsFeaturizer", "DIETClassifier", "FallbackClassifier"]
    assert [p["name"] for p in config["policies"]] == ["MemoizationPolicy", "RulePolicy", "TEDPolicy"]
    assert [c["epochs"] for c in [*config["pipeline"], *config["policies"]] if "epochs" in c] == [sides.FULL, sides.FULL]


def test_an_epochs_seconds_are_read_from_rasas_progress_bars() -> None:
    output = "Epochs: 50%|### | 1/2 [00:03<00:03, 3s/it]\rEpochs: 100%|###| 2/2 [00:06<00:00, 3s/it]\nEpochs: 100%|###| 2/2 [01:02:10<00:00, 9s/it]"
    assert sides._epoch_seconds(output) == [3.0, 1865.0]


def test_ratios_say_how_many_times_better_whichever_way_better_points() -> None:
    stock, ours = {key: 10.0 for key, *_ in turns.ROWS}, {key: 5.0 for key, *_ in turns.ROWS}
    ratio = turns.ratios({"stock": stock, "tingsu": ours})
    assert ratio["turns_per_s_8"] == 0.5 and ratio["p50_1"] == 2.0


def test_percentiles_and_the_cost_around_a_turn() -> None:
    seen = load.Load(4, 2.0, (0.004, 0.001, 0.003, 0.002))
    assert (seen.per_second, seen.percentile(0.5), seen.percentile(0.99)) == (2.0, 3.0, 4.0)
    assert load.around([i / 1000 for i in range(500)], 10) == 9.5
    assert load.around([i / 1000 for i in range(500)], 500) == 489.5


def test_repeated_turns_do_not_begin_a_new_session_in_stock_rasa() -> None:
    assert load._opens_session({"event": "session_started"}) and load._opens_session({"event": "action", "name": "action_session_start"})
    assert not load._opens_session({"event": "user", "text": "你好"})


@pytest.mark.parametrize("answer", [b"HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n[{\"text\": \"hi\"}]",
                                    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n[{\"text\"\r\n8\r\n: \"hi\"}]\r\n0\r\n\r\n"], ids=["plain", "chunked"])
async def test_the_frugal_client_reads_both_kinds_of_bodies(answer: bytes) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"}")
        writer.write(answer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    connection = Connection(server.sockets[0].getsockname()[1])
    assert await connection.say("a", "b") == [{"text": "hi"}]
    connection.close()
    server.close()


def _parse(text: str) -> dict:
    return {"intent": {"name": "complain_refund"}, "issues": [{"cause": "complain_refund"}, {"cause": "complain_attitude"}], "risks": [],
            "entities": [{"entity": "amount", "text": "三百元", "value": "300"}, {"entity": "time", "text": "昨天", "value": "x"}]}


def test_accuracy_counts_what_was_found_missed_and_made_up() -> None:
    row = {"text": "退款三百元", "intents": ["complain_refund", "provide_demand"], "issues": ["complain_refund"], "risks": ["churn"],
           "entities": [{"entity": "amount", "text": "三百", "value": "300"}, {"entity": "order_id", "text": "1", "value": "1"}]}
    score = accuracy.score([row, {"text": "无标注"}], _parse)
    assert score.intents == [True]
    assert (score.issues.right, score.issues.wrong, score.issues.missed) == (1, 1, 0)
    assert (score.entities.right, score.entities.wrong, score.entities.missed) == (1, 1, 1)
    assert score.figures()["risks_recall"] == 0.0


def test_a_stock_complaint_intent_counts_as_its_issue() -> None:
    assert accuracy._issues({"intent": {"name": "complain_refund"}}) == {"complain_refund"}
    assert accuracy._issues({"intent": {"name": "greet"}}) == set()


@pytest.mark.parametrize("line, says", [("{", "no JSON"), ('{"intents": []}', 'needs a "text"'), ("", "empty")])
def test_a_bad_labelled_file_is_named_with_its_line(tmp_path: Path, line: str, says: str) -> None:
    file = tmp_path / "labels.jsonl"
    file.write_text(line, encoding="utf-8")
    with pytest.raises(accuracy.BadLine, match=says):
        accuracy.read(file)


def test_a_bad_file_is_one_line_and_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "labels.jsonl").write_text("{", encoding="utf-8")
    with pytest.raises(typer.Exit) as end:
        bench.nlu(Settings.from_environment({"TINGSU_VAR_DIR": str(tmp_path)}), tmp_path / "labels.jsonl", None)
    assert end.value.exit_code == 2 and "labels.jsonl:1: no JSON" in capsys.readouterr().err


def test_every_dialogue_is_ten_messages_long() -> None:
    assert {len(d) for d in load.dialogues()} == {10}
    assert json.dumps(load.dialogues())
