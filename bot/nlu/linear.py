"""Linear heads over one sparse vector: intent, emotion, issues, risks, demands. Trained by scikit-learn, run by a few rows of numpy."""
from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Sequence

import numpy as np

from bot.nlu.features import Vocabulary, grams
from bot.nlu.normalise import fold


@dataclass(frozen=True)
class Example:
    """One labelled training message; `text` as typed."""

    text: str
    intent: str
    emotion: str = "calm"
    issues: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    demands: tuple[str, ...] = ()


@dataclass(frozen=True)
class Weights:
    """Features × labels in one byte each, a scale per label: a quarter of the space of floats and the same decisions."""

    bytes: np.ndarray
    scales: np.ndarray

    @classmethod
    def of(cls, exact: np.ndarray) -> Weights:
        scales = np.maximum(np.abs(exact).max(axis=0), 1e-9).astype(np.float32) / 127
        return cls(np.round(exact / scales).astype(np.int8), scales)

    def dot(self, columns: list[int], values: list[float], part: slice = slice(None)) -> np.ndarray:
        return np.asarray(values, dtype=np.float32) @ self.bytes[columns, part].astype(np.float32) * self.scales[part]


@dataclass(frozen=True)
class Head:
    """Columns `first:last` of the weight matrix. `scale` turns a margin into a log-odds (multi-label) or a logit (softmax)."""

    labels: tuple[str, ...]
    first: int
    scale: float
    shift: float = 0.0

    @property
    def part(self) -> slice:
        return slice(self.first, self.first + len(self.labels))

    def probabilities(self, margins: np.ndarray, *, softmax: bool) -> dict[str, float]:
        """Per label, from the head's own margins."""
        logits = margins * self.scale + self.shift
        if softmax:
            exp = np.exp(logits - logits.max())
            return dict(zip(self.labels, (exp / exp.sum()).tolist()))
        return dict(zip(self.labels, (1 / (1 + np.exp(-np.clip(logits, -30, 30)))).tolist()))


class LinearModel:
    """`scores` gives per head a probability for every label, in one pass over the text."""

    def __init__(self, vocabulary: Vocabulary, weights: Weights, bias: np.ndarray, heads: dict[str, Head]) -> None:
        self.vocabulary, self.weights, self.bias, self.heads = vocabulary, weights, bias, heads

    # ---------------------------------------------------------------- use

    def margins(self, folded: str) -> np.ndarray:
        return self.weights.dot(*self.vocabulary.vector(folded)) + self.bias

    def scores(self, folded: str) -> dict[str, dict[str, float]]:
        """{"intent": {name: p}, "emotion": …, "issues": …, "risks": …}; intent and emotion sum to 1."""
        margins = self.margins(folded)
        return {name: head.probabilities(margins[head.part], softmax=name in ("intent", "emotion")) for name, head in self.heads.items()}

    def scores_of(self, name: str, folded: str) -> dict[str, float]:
        """One multi-label head alone, for a clause."""
        head = self.heads[name]
        return head.probabilities(self.weights.dot(*self.vocabulary.vector(folded), head.part) + self.bias[head.part], softmax=False)

    # ---------------------------------------------------------------- making and keeping

    @classmethod
    def train(cls, examples: Sequence[Example], *, seed: int = 1) -> LinearModel:
        """One-vs-rest linear SVMs on everything, calibrated on the margins that a second set, trained without a fifth of the rows, gives that fifth."""
        from scipy.sparse import csr_matrix
        grams_of = [Counter(grams(fold(e.text))) for e in examples]
        vocabulary = Vocabulary.fit(grams_of)
        rows = [vocabulary.weighed(counted) for counted in grams_of]
        pointers = np.cumsum([0] + [len(c) for c, _ in rows])
        matrix = csr_matrix((np.concatenate([v for _, v in rows]), np.concatenate([np.asarray(c, dtype=np.int64) for c, _ in rows]), pointers),
                            shape=(len(rows), len(vocabulary.index)))
        left_out = np.random.default_rng(seed).integers(0, 5, len(rows)) == 0
        wanted = {"intent": [(e.intent,) for e in examples], "emotion": [(e.emotion,) for e in examples],
                  "issues": [e.issues for e in examples], "risks": [e.risks for e in examples], "demands": [e.demands for e in examples],
                  "grievance": [("told",) if e.issues and e.intent != "complain_bot" else () for e in examples]}
        heads, weights, biases, first = {}, [], [], 0
        for name, gold in wanted.items():
            labels = tuple(sorted({label for labels in gold for label in labels}))
            target = np.array([[1 if label in row else 0 for label in labels] for row in map(set, gold)])
            w, b = _one_vs_rest(matrix, target)
            seen, shift_ = _one_vs_rest(matrix[~left_out], target[~left_out])
            held = matrix[left_out] @ seen + shift_
            scale, shift = (_softmax_scale if name in ("intent", "emotion") else _logistic_scale)(held, target[left_out])
            heads[name] = Head(labels, first, scale, shift)
            weights.append(w)
            biases.append(b)
            first += len(labels)
        return cls(vocabulary, Weights.of(np.concatenate(weights, axis=1)), np.concatenate(biases).astype(np.float32), heads)

    def save(self, path: Path) -> None:
        """One zip: weights as bytes, the vocabulary as lines."""
        buffer = io.BytesIO()
        np.savez(buffer, weights=self.weights.bytes, scales=self.weights.scales, bias=self.bias, idf=np.asarray(self.vocabulary.idf, dtype=np.float32))
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("arrays.npz", buffer.getvalue())
            file.writestr("vocabulary.txt", "\n".join(g.replace("\n", " ") for g in self.vocabulary.index))
            file.writestr("heads.json", json.dumps({n: [h.labels, h.first, h.scale, h.shift] for n, h in self.heads.items()}))

    @classmethod
    def load(cls, path: Path) -> LinearModel:
        with zipfile.ZipFile(path) as file:
            arrays = np.load(io.BytesIO(file.read("arrays.npz")))
            features = file.read("vocabulary.txt").decode("utf-8").split("\n")
            heads = {n: Head(tuple(labels), first, scale, shift) for n, (labels, first, scale, shift) in json.loads(file.read("heads.json")).items()}
        return cls(Vocabulary({f: i for i, f in enumerate(features)}, arrays["idf"].tolist()), Weights(arrays["weights"], arrays["scales"]), arrays["bias"], heads)


def _one_vs_rest(matrix, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights (features × labels) and bias."""
    from joblib import Parallel, delayed
    fitted = Parallel(n_jobs=-1, prefer="threads")(delayed(_fit)(matrix, column) for column in target.T)
    return np.stack([w for w, _ in fitted], axis=1), np.array([b for _, b in fitted], dtype=np.float32)


def _fit(matrix, target: np.ndarray) -> tuple[np.ndarray, float]:
    from sklearn.svm import LinearSVC
    if not target.any():
        return np.zeros(matrix.shape[1], dtype=np.float32), -1.0
    model = LinearSVC(C=0.4, class_weight={1: 2.0, 0: 1.0}, dual=True, max_iter=300, random_state=0)
    import warnings
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(matrix, target)
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])


def _softmax_scale(held: np.ndarray, target: np.ndarray) -> tuple[float, float]:
    """The temperature that makes left-out rows most likely."""
    gold = target.argmax(axis=1)

    def loss(scale: float) -> float:
        logits = held * scale
        logits -= logits.max(axis=1, keepdims=True)
        return float(-(logits[np.arange(len(gold)), gold] - np.log(np.exp(logits).sum(axis=1))).mean())

    return min(np.arange(0.5, 12.1, 0.25), key=loss), 0.0


def _logistic_scale(held: np.ndarray, target: np.ndarray) -> tuple[float, float]:
    """Platt's two numbers, shared by all labels of the head."""
    from sklearn.linear_model import LogisticRegression
    fit = LogisticRegression(C=1e3).fit(held.reshape(-1, 1), target.reshape(-1))
    return float(fit.coef_[0, 0]), float(fit.intercept_[0])
