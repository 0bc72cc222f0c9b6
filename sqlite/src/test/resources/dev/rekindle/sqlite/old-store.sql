-- What an application left in a store whose tables were those of 0001_initial.sql: it was killed while it ran, and then a
-- client wrote to it. OldStoreContract knows what is in it.

INSERT INTO instance (key, id, run_id, orchestration, version, parent_instance, parent_run, parent_execution, parent_scheduled, status, execution, base, custom_status, problem, created_at, started_at, finished_at) VALUES
  (1, 'hello-1', '853c7fe5-c5e9-4dfc-b1a0-495e4eabb8c1', 'Hello', '1.0', NULL, NULL, NULL, NULL, 'Completed', 1, 0, '"greeting"', NULL, 1737693476497, 1737693476572, 1737693476640),
  (2, 'broken-1', '1ed239b6-594e-4f6e-b0ea-23bc77b09abd', 'Broken', '1.0', NULL, NULL, NULL, NULL, 'Failed', 1, 0, NULL, NULL, 1737693476650, 1737693476658, 1737693476658),
  (3, 'count-1', 'ceb3333b-ce25-4fef-960b-456edf9cc948', 'Count', '1.0', NULL, NULL, NULL, NULL, 'Running', 3, 4, NULL, NULL, 1737693476661, 1737693476672, NULL),
  (4, 'parent-1', '2fabbf5b-082f-477f-a97a-4f15294adaf4', 'Parent', '1.0', NULL, NULL, NULL, NULL, 'Running', 1, 0, NULL, NULL, 1737693476666, 1737693476679, NULL),
  (5, 'nap-1', '187ed630-e138-47d7-be1d-d9f2b22f15f1', 'Nap', '1.0', NULL, NULL, NULL, NULL, 'Running', 1, 0, NULL, NULL, 1737693476672, 1737693476689, NULL),
  (6, 'parent-1-child', '2538dd02-dcc1-382b-8a65-a89e80d175c7', 'Ask', '1.0', 'parent-1', '2fabbf5b-082f-477f-a97a-4f15294adaf4', 1, 2, 'Running', 1, 0, NULL, NULL, 1737693476679, 1737693476686, NULL),
  (7, 'work-1', '69179abf-01ca-42e7-a9cf-e726552156a7', 'Work', '1.0', NULL, NULL, NULL, NULL, 'Running', 1, 0, NULL, NULL, 1737693476682, 1737693476688, NULL),
  (8, 'retry-1', 'c910c079-98f6-4fc2-a41b-8ea55c85626f', 'Retry', '1.0', NULL, NULL, NULL, NULL, 'Running', 1, 0, NULL, NULL, 1737693476684, 1737693476691, NULL),
  (9, 'pending-1', 'b889c172-af85-47f2-9c03-8906231042be', 'Hello', '', NULL, NULL, NULL, NULL, 'Pending', 1, 0, NULL, NULL, 1737693481585, NULL, NULL);

INSERT INTO status_count (status, instances) VALUES
  ('Completed', 1),
  ('Failed', 1),
  ('Pending', 1),
  ('Running', 6);

INSERT INTO execution (instance, execution, base, started_at) VALUES
  (3, 2, 2, 1737693476672),
  (3, 3, 4, 1737693476682);

INSERT INTO history (key, events, body) VALUES
  (268435457, 2, '[{"kind":"OrchestrationStarted","id":1,"at":"2025-01-24T04:37:56.519496135Z","orchestration":"Hello","version":"1.0","input":"\"Ann\""},{"kind":"EventAwaited","id":2,"at":"2025-01-24T04:37:56.519496135Z","channel":"go"}]'),
  (268435459, 4, '[{"kind":"EventRaised","id":3,"at":"2025-01-24T04:37:56.592815081Z","channel":"go","payload":"\"now\""},{"kind":"CustomStatusSet","id":4,"at":"2025-01-24T04:37:56.592815081Z","value":"\"greeting\""},{"kind":"ActivityScheduled","id":5,"at":"2025-01-24T04:37:56.592815081Z","activity":"Greet","input":"\"Ann\""},{"kind":"EventRaised","id":6,"at":"2025-01-24T04:37:56.592815081Z","channel":"go","payload":"\"again\""}]'),
  (268435463, 2, '[{"kind":"ActivityCompleted","id":7,"at":"2025-01-24T04:37:56.623485036Z","scheduledId":5,"output":"\"Hello Ann\"","attempt":{"number":1,"startedAt":"2025-01-24T04:37:56.613Z"}},{"kind":"OrchestrationCompleted","id":8,"at":"2025-01-24T04:37:56.623485036Z","output":"\"Hello Ann\""}]'),
  (536870913, 2, '[{"kind":"OrchestrationStarted","id":1,"at":"2025-01-24T04:37:56.652147070Z","orchestration":"Broken","version":"1.0","input":"\"lamp\""},{"kind":"OrchestrationFailed","id":2,"at":"2025-01-24T04:37:56.652147070Z","failure":{"type":"java.lang.IllegalStateException","message":"broken: lamp","stackTrace":"java.lang.IllegalStateException: broken: lamp\n\tat shop.Shop.main(Shop.java:1)\n","retryable":true}}]'),
  (805306369, 2, '[{"kind":"OrchestrationStarted","id":1,"at":"2025-01-24T04:37:56.663099141Z","orchestration":"Count","version":"1.0","input":"1"},{"kind":"OrchestrationContinuedAsNew","id":2,"at":"2025-01-24T04:37:56.663099141Z","version":"1.0","input":"2"}]'),
  (805306371, 2, '[{"kind":"OrchestrationStarted","id":1,"at":"2025-01-24T04:37:56.681025486Z","orchestration":"Count","version":"1.0","input":"2"},{"kind":"OrchestrationContinuedAsNew","id":2,"at":"2025-01-24T04:37:56.681025486Z","version":"1.0","input":"3"}]'),
  (805306373, 2, '[{"kind":"OrchestrationStarted","id":1,"at":"2025-01-24T04:37:56.687031323Z","orchestration":"Count","version":"1.0","input":"3"},{"kind":"EventAwaited","id":2,"at":"2025-01-24T04:37:56.687031323Z","channel":"more"}]'),
  (1073741825, 2, '[{"kind":"OrchestrationStarted","id":1,"at":"2025-01-24T04:37:56.668971720Z","orchestration":"Parent","version":"1.0","input":"\"42? \""},{"kind":"ChildScheduled","id":2,"at":"2025-01-24T04:37:56.668971720Z","instance":"parent-1-child","runId":"2538dd02-dcc1-382b-8a65-a89e80d175c7","orchestration":"Ask","version":"1.0","input":"\"42? \""}]'),
  (1342177281, 2, '[{"kind":"OrchestrationStarted","id":1,"at":"2025-01-24T04:37:56.677610065Z","orchestration":"Nap","version":"1.0","input":"\"\""},{"kind":"TimerCreated","id":2,"at":"2025-01-24T04:37:56.677610065Z","fireAt":"2025-01-24T05:37:56.677610065Z"}]'),
  (1610612737, 2, '[{"kind":"OrchestrationStarted","id":1,"at":"2025-01-24T04:37:56.683345811Z","orchestration":"Ask","version":"1.0","input":"\"42? \"","parent":{"instance":"parent-1","runId":"2fabbf5b-082f-477f-a97a-4f15294adaf4","executionId":1,"scheduledId":2}},{"kind":"EventAwaited","id":2,"at":"2025-01-24T04:37:56.683345811Z","channel":"answer"}]'),
  (1879048193, 2, '[{"kind":"OrchestrationStarted","id":1,"at":"2025-01-24T04:37:56.686856633Z","orchestration":"Work","version":"1.0","input":"\"stone\""},{"kind":"ActivityScheduled","id":2,"at":"2025-01-24T04:37:56.686856633Z","activity":"Stall","input":"\"stone\""}]'),
  (2147483649, 2, '[{"kind":"OrchestrationStarted","id":1,"at":"2025-01-24T04:37:56.687214495Z","orchestration":"Retry","version":"1.0","input":"\"paper\""},{"kind":"ActivityScheduled","id":2,"at":"2025-01-24T04:37:56.687214495Z","activity":"Flaky","input":"\"paper\""}]');

INSERT INTO message (key, instance, epoch, node_deaths, visible_at, body) VALUES
  (13, 9, 0, 0, NULL, '{"kind":"StartOrchestration","instance":"pending-1","runId":"b889c172-af85-47f2-9c03-8906231042be","orchestration":"Hello","version":"","input":"\"Cid\""}'),
  (14, 9, 0, 0, NULL, '{"kind":"RaiseEvent","instance":"pending-1","channel":"go","payload":"\"early\""}'),
  (15, 6, 0, 0, NULL, '{"kind":"RaiseEvent","instance":"parent-1-child","channel":"answer","payload":"\"yes\""}');

INSERT INTO timer (key, due_at, epoch, node_deaths) VALUES
  (1342177282, 1737697076678, 1, 0);

INSERT INTO work (key, activity, epoch, node_deaths, attempt, visible_at, failure_type, failure_message, failure_trace, failure_retryable, heartbeat, body) VALUES
  (1879048194, 'Stall', 1, 0, 1, NULL, NULL, NULL, NULL, NULL, NULL, '{"kind":"ActivityExecute","instance":"work-1","runId":"69179abf-01ca-42e7-a9cf-e726552156a7","executionId":1,"scheduledId":2,"activity":"Stall","input":"\"stone\"","options":{"maxAttempts":1,"backoff":"PT1S","backoffFactor":2.0,"maxBackoff":"PT1M"},"scheduledAt":"2025-01-24T04:37:56.686856633Z"}'),
  (2147483650, 'Flaky', 0, 0, 2, 1737697076694, 'java.io.IOException', 'no connection', 'java.io.IOException: no connection
	at shop.Shop.main(Shop.java:1)
', 1, NULL, '{"kind":"ActivityExecute","instance":"retry-1","runId":"c910c079-98f6-4fc2-a41b-8ea55c85626f","executionId":1,"scheduledId":2,"activity":"Flaky","input":"\"paper\"","options":{"maxAttempts":3,"backoff":"PT1H","backoffFactor":2.0,"maxBackoff":"PT1H"},"scheduledAt":"2025-01-24T04:37:56.687214495Z"}');

INSERT INTO dead_letter (key, instance, run_id, reason, at, body) VALUES
  (1, 'hello-1', '853c7fe5-c5e9-4dfc-b1a0-495e4eabb8c1', 'the instance ended before it took this message', 1737693476640, '{"kind":"RaiseEvent","instance":"hello-1","runId":"853c7fe5-c5e9-4dfc-b1a0-495e4eabb8c1","channel":"go","payload":"\"again\""}');

DELETE FROM last_key;

INSERT INTO last_key (name, value) VALUES
  ('instance', 9),
  ('message', 15);

INSERT INTO owner (epoch, node, since, released_at) VALUES
  (1, '4711-5d1f60a1-64a8-4a52-9f4f-0c5c6e4d0a11', 1737693476276, NULL);
