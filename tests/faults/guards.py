"""The guards of the house: where each one stands, what taking it away is, and who has to notice."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guard:
    """One guard. edits: exact texts of the file and what stands there without the guard; two where
    it has two layers. tests: those that must fail then."""

    name: str
    file: str
    edits: tuple[tuple[str, str], ...]
    tests: tuple[str, ...]


def _guard(name: str, file: str, old: str, new: str, *tests: str) -> Guard:
    return Guard(name, file, ((old, new),), tests)


TURNS, WRITES = "storage/turns.py", "tests/storage/test_turns.py::"
CALLERS, COACH = "tests/assistant/test_callers.py::", "tests/assistant/test_coach.py::"
TOKENS, SIGNS = "tests/assistant/test_tokens.py::", "tests/assistant/test_signatures.py::"
ADAPT, BASE = "tests/tools/test_adapt_plan.py::", "tests/storage/test_database.py::"
WHAT_IF, STEPS = "tests/tools/test_what_if.py::", "tests/assistant/test_orchestrator.py::"
ARGUMENTS = "tests/tools/test_registry.py::test_bad_arguments_are_refused_by_name"
ZOMBIE = f"{WRITES}test_a_worker_that_lost_its_lease_cannot_write"

GUARDS = (
    _guard(
        "a step is fenced on the attempt",
        TURNS,
        "_ADD_FENCED = (\n    sa.insert(_message)\n    .from_select(_columns, _step.where(_held))",
        "_ADD_FENCED = (\n    sa.insert(_message)\n    .from_select(_columns, _step)",
        ZOMBIE,
    ),
    _guard(
        "the end is fenced on the attempt",
        TURNS,
        "_FINISH = (\n    sa.update(_turn)\n    .where(_this_turn, _held)",
        "_FINISH = (\n    sa.update(_turn)\n    .where(_this_turn)",
        ZOMBIE,
    ),
    _guard(
        "no reply advises what no coach may advise",
        "assistant/claims.py",
        "    if advice := _unsafe_advice(sentence, evidence):\n        return advice\n",
        "",
        "tests/assistant/test_health_safety.py::test_harmful_advice_reaches_nobody",
        "tests/assistant/test_health_safety.py::test_a_runner_on_hold_is_not_sent_running",
    ),
    _guard(
        "the fence asks for the attempt",
        TURNS,
        '_held = (_turn.c.attempt == sa.bindparam("of_attempt")) & ',
        "_held = ",
        ZOMBIE,
    ),
    _guard(
        "a failure is fenced on the attempt",
        TURNS,
        "_FAIL = (\n    sa.update(_turn)\n    .where(_this_turn, _held)",
        "_FAIL = (\n    sa.update(_turn)\n    .where(_this_turn)",
        ZOMBIE,
    ),
    _guard(
        "one turn of a runner at a time",
        TURNS,
        "    return any(is_held(turn.lease_owner, turn.lease_until, now) for turn in pending)",
        "    return False",
        f"{WRITES}test_one_turn_of_a_runner_runs_at_a_time",
    ),
    _guard(
        "leases by the database's clock",
        TURNS,
        "        now = database_now(session)\n        if _is_answered",
        "        now = dt.datetime.now(dt.UTC)\n        if _is_answered",
        f"{WRITES}test_leases_are_judged_by_the_databases_clock_not_the_workers",
    ),
    _guard(
        "three attempts, no more",
        TURNS,
        'mine.status == "pending" and mine.attempt >= MAX_ATTEMPTS',
        "False",
        f"{WRITES}test_a_turn_that_broke_off_three_times_is_not_tried_like_before",
    ),
    _guard(
        "a lease of this process for work that ended is free",
        "storage/leases.py",
        "return mark not in _at_work",
        "return False",
        f"{WRITES}test_a_lease_of_a_dead_process_of_this_host_is_free",
    ),
    _guard(
        "another payload under a key is refused",
        TURNS,
        "if known.payload_sha256 != request.payload_sha256:",
        "if False:",
        f"{WRITES}test_the_same_key_with_another_payload_is_refused",
    ),
    _guard(
        "a key is its runner's",
        TURNS,
        "    _of_user,\n    (_turn.c.idempotency_key",
        "    (_turn.c.idempotency_key",
        f"{WRITES}test_two_runners_may_use_the_same_key_and_conversation_id",
    ),
    _guard(
        "a key is there once",
        "storage/migrations/versions/0001_the_first_tables.py",
        "        sa.UniqueConstraint(\n"
        '            "user_id", "idempotency_key", name=op.f("uq_turn_user_id_idempotency_key")\n'
        "        ),\n",
        "",
        f"{BASE}test_the_migrations_make_the_tables_that_the_code_has",
    ),
    _guard(
        "a call has one result",
        "storage/migrations/versions/0001_the_first_tables.py",
        '            "ix_message_one_result_a_call",\n'
        '            ["user_id", "turn_id", "call_id"],\n            unique=True,',
        '            "ix_message_one_result_a_call",\n'
        '            ["user_id", "turn_id", "call_id"],\n            unique=False,',
        f"{WRITES}test_one_call_has_one_result",
    ),
    _guard(
        "writes take SQLite's lock at once",
        "storage/database.py",
        '"BEGIN IMMEDIATE" if immediate else "BEGIN"',
        '"BEGIN"',
        f"{BASE}test_writes_take_the_lock_at_once",
    ),
    _guard(
        "a commit survives a power cut",
        "storage/database.py",
        '"synchronous=FULL"',
        '"synchronous=NORMAL"',
        f"{BASE}test_sqlite_is_set_to_survive_a_power_cut",
    ),
    _guard(
        "what a failed commit left open is undone",
        "storage/database.py",
        "    if connection is not None and connection.in_transaction:\n",
        "    if False:\n",
        f"{BASE}test_a_commit_that_fails_leaves_no_lock_behind",
    ),
    _guard(
        "no NUL is stored",
        "storage/statements.py",
        'isinstance(value, str) and "\\x00" in value',
        "False",
        f"{BASE}test_both_databases_refuse_what_is_no_text",
    ),
    _guard(
        "a change is for the plan's version",
        "storage/plans.py",
        "            col(tables.Plan.version) == old.version,\n",
        "",
        f"{ADAPT}test_a_change_made_for_an_old_version_is_not_saved",
    ),
    _guard(
        "a workout is its runner's",
        "storage/plans.py",
        "        .where(col(workout.user_id) == user_id, col(plan.ended_at).is_(None), wanted)",
        "        .where(col(plan.ended_at).is_(None), wanted)",
        "tests/tools/test_reading.py::test_a_workout_of_another_runner_is_not_there",
    ),
    _guard(
        "a yes is for the message right before",
        "storage/proposals.py",
        "& (_answering.c.sequence == _made_by.c.sequence + 1)",
        "& (_answering.c.sequence > _made_by.c.sequence)",
        f"{COACH}test_a_yes_after_another_message_answers_nothing",
    ),
    _guard(
        "a yes is for its conversation",
        "storage/proposals.py",
        "        & (_answering.c.conversation_id == _made_by.c.conversation_id)\n",
        "",
        f"{COACH}test_a_yes_in_another_conversation_answers_nothing",
    ),
    _guard(
        "a yes is for the plan's version",
        "tools/changes.py",
        "    if not same_plan or proposal.diff_sha256",
        "    if proposal.diff_sha256",
        f"{WHAT_IF}test_a_choice_on_another_version_is_refused",
    ),
    _guard(
        "a yes is for the very diff that was shown",
        "tools/changes.py",
        "        if diff_sha256(way.changes) == confirmed.diff_sha256:\n"
        "            confirm(context, plan, way.changes)\n",
        "        if True:\n",
        f"{WHAT_IF}test_a_way_whose_diff_is_not_the_one_that_was_shown_is_refused",
    ),
    _guard(
        "a large change waits for a yes",
        "tools/adapt_plan.py",
        "if context.confirmed is None and outcome.needs_yes:",
        "if False:",
        f"{ADAPT}test_a_large_change_waits_for_the_runners_yes",
    ),
    _guard(
        "a hold lets nothing grow",
        "tools/changes.py",
        "    if hold is not None and grows:",
        "    if False:",
        f"{ADAPT}test_nothing_grows_while_a_safety_hold_is_on",
    ),
    _guard(
        "a hold pauses the plan",
        "tools/changes.py",
        '    if hold is not None and hold.pauses == "plan":',
        "    if False:",
        f"{COACH}test_while_the_plan_is_on_hold_nothing_is_moved_or_prescribed",
    ),
    _guard(
        "red flags are screened before the model",
        "assistant/coach.py",
        "flag = screen(accepted.text)",
        "flag = None",
        f"{COACH}test_a_red_flag_is_answered_without_any_model",
    ),
    _guard(
        "a built plan is checked before it is saved",
        "training/building.py",
        "    if not receipt.passed:\n        raise LimitBroken(",
        "    if False:\n        raise LimitBroken(",
        "tests/training/test_building.py::test_a_plan_that_fails_its_receipt_is_not_given_out",
    ),
    _guard(
        "a changed plan is checked before it is saved",
        "training/drafts.py",
        "        raise LimitBroken(failures)",
        "        pass",
        "tests/training/test_drafts.py::test_a_change_that_breaks_a_limit_is_not_given_out",
    ),
    _guard(
        "a reply's claims are checked",
        "assistant/orchestrator.py",
        "        if fault is None:",
        "        if True:",
        f"{COACH}test_a_reply_that_lies_twice_is_built_from_the_data",
    ),
    _guard(
        "a streamed claim is checked before it is shown",
        "assistant/orchestrator.py",
        "    gate = SentenceGate(fault_in_it)\n    async for",
        "    gate = SentenceGate(lambda *_: None)\n    async for",
        "tests/assistant/test_web.py::test_a_false_claim_is_withdrawn_from_a_stream",
    ),
    _guard(
        "model text is cleaned",
        "assistant/orchestrator.py",
        'return _UNSAFE.sub("", text)',
        "return text",
        f"{STEPS}test_model_text_is_cleaned_of_what_no_store_should_hold",
    ),
    _guard(
        "a turn's calls are bounded",
        "assistant/orchestrator.py",
        "free = max(0, limits.calls - (len(called) - len(waiting)))",
        "free = len(waiting)",
        f"{STEPS}test_calls_over_the_limit_are_answered_but_not_run",
    ),
    _guard(
        "an answer without a finish reason is none",
        "assistant/completions.py",
        "    if finish_reason is None:",
        "    if False:",
        "tests/assistant/test_model.py::test_calls_of_a_cut_stream_never_come_out",
    ),
    _guard(
        "one call twice has one effect",
        "tools/toolbox.py",
        "self._repeated(session, call) or self._run(session, call)",
        "self._run(session, call)",
        f"{COACH}test_the_same_call_twice_has_one_effect",
    ),
    _guard(
        "tools are for who is entitled",
        "tools/toolbox.py",
        "if top_prompt(profile.subscription) is None:",
        "if False:",
        "tests/tools/test_reading.py::test_without_the_subscription_nothing_is_read_or_done",
    ),
    _guard(
        "NaN is no argument",
        "tools/toolbox.py",
        ", parse_constant=_refuse_constant",
        "",
        ARGUMENTS,
    ),
    _guard(
        "a key twice is no argument",
        "tools/toolbox.py",
        "object_pairs_hook=_refuse_twice, ",
        "",
        ARGUMENTS,
    ),
    _guard(
        "arguments are not bent into their types",
        "tools/arguments.py",
        "strict=True, ",
        "",
        ARGUMENTS,
    ),
    _guard(
        "a tool takes no identity",
        "tools/arguments.py",
        'extra="forbid", ',
        "",
        ARGUMENTS,
    ),
    _guard(
        "a signature is compared",
        "assistant/web/signatures.py",
        "hmac.compare_digest(expected, given)",
        "True",
        f"{SIGNS}test_any_changed_bit_of_the_message_ends_its_signature",
    ),
    _guard(
        "a signature is good for five minutes",
        "assistant/web/signatures.py",
        "return abs(now - int(signed.timestamp)) <= TOLERANCE_S",
        "return True",
        f"{CALLERS}test_a_captured_message_is_good_for_five_minutes",
    ),
    _guard(
        "a rotated secret ends",
        "storage/integrations.py",
        "return secret.expires_at is None or secret.expires_at > now",
        "return True",
        "tests/storage/test_integrations.py::test_a_rotated_secret_is_good_until_its_end",
    ),
    _guard(
        "an integration speaks for who is linked",
        "assistant/web/callers.py",
        "if not await in_thread(self._is_linked, caller.integration, named):",
        "if False:",
        f"{CALLERS}test_unlinked_and_unknown_users_are_the_same_answer",
    ),
    _guard(
        "a token speaks for its user",
        "assistant/web/callers.py",
        "if caller.user_id is not None and named not in (None, caller.user_id):",
        "if False:",
        f"{CALLERS}test_a_token_speaks_for_its_user_alone",
    ),
    Guard(
        "a token's algorithm is the installation's",
        "assistant/web/tokens.py",
        (
            ('    if header.get("alg") != rules.algorithm:', "    if False:"),
            ("algorithms=[rules.algorithm],", 'algorithms=[rules.algorithm, "HS384"],'),
        ),
        (f"{TOKENS}test_another_algorithm_is_refused_though_its_signature_is_right",),
    ),
    *(
        _guard(
            f"a token's {claim} is checked",
            "assistant/web/tokens.py",
            '"require": _REQUIRED, ',
            f'"require": _REQUIRED, "verify_{claim}": False, ',
            f"{TOKENS}test_a_token_that_does_not_say_what_it_must_is_refused",
        )
        for claim in ("aud", "exp", "iss", "signature")
    ),
    _guard(
        "a body is counted while it is read",
        "assistant/web/gate.py",
        "                if len(read) > max_bytes:",
        "                if False:",
        f"{CALLERS}test_a_body_is_counted_while_it_is_read",
    ),
    _guard(
        "a route is closed unless it is listed",
        "assistant/web/gate.py",
        'scope["path"] in OPEN',
        'scope["path"] != "/chat"',
        f"{CALLERS}test_every_route_is_closed_but_those_that_are_listed",
    ),
    _guard(
        "requests are counted",
        "assistant/web/gate.py",
        '        if caller.mode != "dev":',
        "        if False:",
        f"{CALLERS}test_a_user_who_asks_too_often_is_told_when_to_come_back",
    ),
    _guard(
        "an empty bucket gives nothing",
        "storage/rate_limits.py",
        '"WHERE rate_limit.full_at + :cost <= :end OR rate_limit.full_at > :latest "',
        '"WHERE true OR rate_limit.full_at + :cost <= :end OR rate_limit.full_at > :latest "',
        "tests/storage/test_rate_limits.py::test_a_full_bucket_holds_a_minutes_requests",
    ),
    _guard(
        "dev mode is for this machine",
        "assistant/web/callers.py",
        "        if not is_local(request):",
        "        if False:",
        f"{CALLERS}test_what_a_proxy_hands_on_is_not_of_this_machine",
    ),
    _guard(
        "the numbers are for who has the token",
        "assistant/web/measuring.py",
        'if not hmac.compare_digest(given, f"Bearer {token}".encode()):',
        "if False:",
        f"{CALLERS}test_every_route_is_closed_but_those_that_are_listed",
        "tests/assistant/test_telemetry.py",
    ),
    _guard(
        "an injury is over at the runner's word",
        "tools/adapt_plan.py",
        '        require_recovery_said(context, arguments.body_part or "the injury")\n',
        "        pass\n",
        "tests/tools/test_recovery.py::test_a_model_cannot_clear_an_injury_for_the_runner",
    ),
)
