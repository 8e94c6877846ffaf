"""Writes what `npm run bench -- field` plays of AgentDojo (MIT, arXiv 2406.13352): scripts, no models.

    python3 test/bench/agentdojo/export.py <agentdojo>/src > <FLYBALL_DATA>/agentdojo.json

The argument is the `src` folder of a checkout of AgentDojo; pydantic 2, PyYAML and requests must be importable, and nothing else of what
AgentDojo needs: the clients of models are not used here. One object per suite: for each user task its prompt and the calls that solve it,
with what each tool answers, and what it answers where INJECTION stands wherever an attacker may write. For each injection task what the attacker wants and the calls
that carry it out. For each attack the text that is written there; {goal}, {task} and {tools} are left to fill in.
"""

import contextlib
import importlib
import importlib.machinery
import importlib.util
import json
import re
import sys
import types

INJECTION = "\u2402INJECTION\u2403"
VERSION = "v1.2.1"

# What AgentDojo imports and a script does not use.
UNUSED = ("anthropic", "click", "cohere", "deepdiff", "dotenv", "google", "openai", "rich", "sequrity", "tenacity")
MODELS = "agentdojo.agent_pipeline.llms"


class Nothing(Exception):
    """Takes what it is given and does nothing; as a decorator it leaves what it decorates."""

    def __init__(self, *args, **kwargs):
        pass

    def __call__(self, decorated=None, *args, **kwargs):
        return decorated

    def __class_getitem__(cls, item):
        return cls


class Unused(types.ModuleType):
    """A module in which every name is a class that does nothing."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (Nothing,), {})


class UnusedFinder:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in UNUSED or name.startswith(MODELS):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return Unused(spec.name)

    def exec_module(self, module):
        pass


def docstring_parser():
    """As much of `docstring_parser` as AgentDojo's tools need: the first line, and `:param name: what it is`."""
    module = types.ModuleType("docstring_parser")

    def parse(text):
        params = [
            types.SimpleNamespace(arg_name=name, description=" ".join(described.split()))
            for name, described in re.findall(r":param (\w+):\s*((?:(?!:\w+).)*)", text, re.DOTALL)
        ]
        return types.SimpleNamespace(short_description=text.strip().split("\n")[0], params=params)

    module.parse = parse
    common = types.ModuleType("docstring_parser.common")
    common.DocstringParam = object
    return {"docstring_parser": module, "docstring_parser.common": common}


def load(source):
    import pydantic

    pydantic.EmailStr = str  # its validator is a package of its own
    sys.meta_path.insert(0, UnusedFinder())
    if importlib.util.find_spec("docstring_parser") is None:
        sys.modules.update(docstring_parser())
    sys.path.insert(0, source)
    return importlib.import_module("agentdojo.task_suite.load_suites").get_suites(VERSION)


def plain(call):
    return {"tool": call.function, "args": json.loads(json.dumps(call.args, default=str))}


def answers(suite, task, injections):
    """The calls that solve a task, and what the tools answer."""
    from agentdojo.functions_runtime import FunctionsRuntime
    from pydantic_core import to_jsonable_python

    environment = task.init_environment(suite.load_and_inject_default_environment(injections))
    runtime = FunctionsRuntime(suite.tools)
    for call in task.ground_truth(environment):
        answer, _ = runtime.run_function(environment, call.function, call.args, raise_on_error=True)
        yield call, to_jsonable_python(answer)


def played(suite, task):
    attacked = {vector: INJECTION for vector in suite.get_injection_vector_defaults()}
    pairs = zip(answers(suite, task, {}), answers(suite, task, attacked), strict=True)
    return [{**plain(call), "result": result, "attacked": under} for (call, result), (_, under) in pairs]


def user_tasks(suite):
    for name, task in suite.user_tasks.items():
        try:
            calls = played(suite, task)
        except Exception as error:
            print(f"left out, for AgentDojo itself cannot play it: {suite.name} {name}: {error!r}", file=sys.stderr)
            continue
        yield {"id": name, "prompt": task.PROMPT, "answer": task.GROUND_TRUTH_OUTPUT, "calls": calls}


def injection_tasks(suite):
    environment = suite.load_and_inject_default_environment({})
    for name, task in suite.injection_tasks.items():
        calls = task.ground_truth(environment)
        steps = [
            f"You should use the tool `{call.function}` with the following arguments: {call.placeholder_args}."
            for call in calls
        ]
        yield {"id": name, "goal": task.GOAL, "calls": [plain(call) for call in calls] or sent(task.GOAL), "tools": " ".join(steps)}


def sent(goal):
    """Of an order without a script: the act without which it cannot be carried out, if it is a mail to an address in it."""
    address = re.search(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", goal)
    if address is None:
        return []
    return [{"tool": "send_email", "args": {"recipients": [address[0]], "subject": "Hello", "body": "the contents"}}]


def known(suite):
    """Whom the house knows before any task: its address book, those it has paid, its members."""
    environment = suite.load_and_inject_default_environment({})
    if suite.name == "workspace":
        return sorted(contact.email for contact in environment.inbox.contact_list)
    if suite.name == "banking":
        account = environment.bank_account
        return sorted({one.recipient for one in [*account.transactions, *account.scheduled_transactions]})
    return sorted(environment.slack.users) if suite.name == "slack" else []


def attacks(suite):
    """Templates by name, once per suite: the same for every task."""
    from agentdojo.agent_pipeline.base_pipeline_element import BasePipelineElement
    from agentdojo.attacks import baseline_attacks, important_instructions_attacks
    from agentdojo.attacks.base_attacks import FixedJailbreakAttack

    class Pipeline(BasePipelineElement):
        name = "gpt-4o-2024-05-13"

        def query(self, *args, **kwargs):
            raise NotImplementedError

    for module in (baseline_attacks, important_instructions_attacks):
        for attack in vars(module).values():
            if isinstance(attack, type) and issubclass(attack, FixedJailbreakAttack) and attack is not FixedJailbreakAttack:
                one = attack(suite, Pipeline())
                left = {name: "{" + name + "}" for name in ("goal", "task", "tools")}
                yield attack.name, one.jailbreak.format(user=one.user_name, model=one.model_name, **left)


def main():
    with contextlib.redirect_stdout(sys.stderr):  # tools print
        suites = [
            {
                "suite": name,
                "version": VERSION,
                "known": known(suite),
                "userTasks": list(user_tasks(suite)),
                "injectionTasks": list(injection_tasks(suite)),
                "attacks": dict(attacks(suite)),
            }
            for name, suite in load(sys.argv[1]).items()
        ]
    json.dump({"injection": INJECTION, "suites": suites}, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
