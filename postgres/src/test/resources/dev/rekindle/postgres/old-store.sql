-- What an application left in a store whose tables were those of 0001_initial.sql: it was killed while it ran, and then a
-- client wrote to it. OldStoreContract knows what is in it.

DELETE FROM rekindle.node;

INSERT INTO rekindle.node (key, name, batch, fence, since, seen_at, expires_at, pending, running, suspended, stuck, completed, failed, cancelled, terminated) VALUES
  (0, 'gone', 0, 0, '2025-01-24 04:38:36.808304+00', '2025-01-24 04:38:36.808304+00', 'infinity', 1, 0, 0, 0, 0, 0, 0, 0),
  (1, 'process 4711, 03adea18', 24, 0, '2025-01-24 04:38:37.003855+00', '2025-01-24 04:38:39.613163+00', '2025-01-24 04:38:46.613163+00', 0, 6, 0, 0, 1, 1, 0, 0);

INSERT INTO rekindle.instance (key, id, run_id, orchestration, version, parent_instance, parent_run, parent_execution, parent_scheduled, status, execution, base, custom_status, problem, created_by, created_in, created_at, started_at, finished_at) OVERRIDING SYSTEM VALUE VALUES
  (1, 'hello-1', '407a22fd-1a9c-4422-8776-ee9a6d761fab', 'Hello', '1.0', NULL, NULL, NULL, NULL, 'Completed', 1, 0, '"greeting"', NULL, 1, 2, '2025-01-24 04:38:37.489463+00', '2025-01-24 04:38:37.593955+00', '2025-01-24 04:38:37.685859+00'),
  (2, 'broken-1', '7cfdb738-089b-4603-adc1-8e48c9bda3c7', 'Broken', '1.0', NULL, NULL, NULL, NULL, 'Failed', 1, 0, NULL, NULL, 1, 9, '2025-01-24 04:38:37.729047+00', '2025-01-24 04:38:37.738391+00', '2025-01-24 04:38:37.738391+00'),
  (3, 'count-1', 'f1f73859-ae20-4f37-8c7d-161225b31516', 'Count', '1.0', NULL, NULL, NULL, NULL, 'Running', 3, 4, NULL, NULL, 1, 11, '2025-01-24 04:38:37.743239+00', '2025-01-24 04:38:37.769616+00', NULL),
  (4, 'parent-1', '3670aac5-eec5-4412-abdd-8049fb50168a', 'Parent', '1.0', NULL, NULL, NULL, NULL, 'Running', 1, 0, NULL, NULL, 1, 12, '2025-01-24 04:38:37.748606+00', '2025-01-24 04:38:37.782865+00', NULL),
  (5, 'nap-1', 'ff9b8ce8-2c07-4d5d-8e56-74b02ae0e14e', 'Nap', '1.0', NULL, NULL, NULL, NULL, 'Running', 1, 0, NULL, NULL, 1, 13, '2025-01-24 04:38:37.752407+00', '2025-01-24 04:38:37.782865+00', NULL),
  (6, 'parent-1-child', '487297c8-7dd4-3709-991c-2a1ad55c9f36', 'Ask', '1.0', 'parent-1', '3670aac5-eec5-4412-abdd-8049fb50168a', 1, 2, 'Running', 1, 0, NULL, NULL, 1, 15, '2025-01-24 04:38:37.780333+00', '2025-01-24 04:38:37.813762+00', NULL),
  (7, 'work-1', 'e338063c-867f-43e6-96d3-4225740a04c2', 'Work', '1.0', NULL, NULL, NULL, NULL, 'Running', 1, 0, NULL, NULL, 1, 15, '2025-01-24 04:38:37.780333+00', '2025-01-24 04:38:37.80424+00', NULL),
  (8, 'retry-1', 'a89b4ac0-1866-4e6e-9395-3cab87ed9ae9', 'Retry', '1.0', NULL, NULL, NULL, NULL, 'Running', 1, 0, NULL, NULL, 1, 16, '2025-01-24 04:38:37.789295+00', '2025-01-24 04:38:37.80424+00', NULL),
  (9, 'pending-1', '8f2adcec-e1d2-4668-a5e5-8b3b53c2c88d', 'Hello', '', NULL, NULL, NULL, NULL, 'Pending', 1, 0, NULL, NULL, 2, 0, '2025-01-24 04:38:43.205689+00', NULL, NULL);

INSERT INTO rekindle.queue (instance, node, wake_at, not_before, deaths) VALUES
  (3, NULL, NULL, NULL, 0),
  (4, NULL, NULL, NULL, 0),
  (5, NULL, '2025-01-24 05:38:37.757087+00', NULL, 0),
  (6, NULL, '2025-01-24 04:38:43.231725+00', NULL, 0),
  (7, NULL, NULL, NULL, 0),
  (8, NULL, NULL, NULL, 0),
  (9, NULL, '2025-01-24 04:38:43.205689+00', NULL, 0);

INSERT INTO rekindle.execution (instance, execution, base, started_at) VALUES
  (3, 2, 2, '2025-01-24 04:38:37.769153+00'),
  (3, 3, 4, '2025-01-24 04:38:37.803997+00');

INSERT INTO rekindle.history (instance, position, events, body) VALUES
  (1, 1, 2, '[{"kind":"OrchestrationStarted","id":1,"at":"2025-01-24T04:38:37.515478285Z","orchestration":"Hello","version":"1.0","input":"\"Ann\""},{"kind":"EventAwaited","id":2,"at":"2025-01-24T04:38:37.515478285Z","channel":"go"}]'),
  (1, 3, 4, '[{"kind":"EventRaised","id":3,"at":"2025-01-24T04:38:37.624575931Z","channel":"go","payload":"\"now\""},{"kind":"CustomStatusSet","id":4,"at":"2025-01-24T04:38:37.624575931Z","value":"\"greeting\""},{"kind":"ActivityScheduled","id":5,"at":"2025-01-24T04:38:37.624575931Z","activity":"Greet","input":"\"Ann\""},{"kind":"EventRaised","id":6,"at":"2025-01-24T04:38:37.624575931Z","channel":"go","payload":"\"again\""}]'),
  (1, 7, 2, '[{"kind":"ActivityCompleted","id":7,"at":"2025-01-24T04:38:37.665451018Z","scheduledId":5,"output":"\"Hello Ann\"","attempt":{"number":1,"startedAt":"2025-01-24T04:38:37.651Z"}},{"kind":"OrchestrationCompleted","id":8,"at":"2025-01-24T04:38:37.665451018Z","output":"\"Hello Ann\""}]'),
  (2, 1, 2, '[{"kind":"OrchestrationStarted","id":1,"at":"2025-01-24T04:38:37.730598982Z","orchestration":"Broken","version":"1.0","input":"\"lamp\""},{"kind":"OrchestrationFailed","id":2,"at":"2025-01-24T04:38:37.730598982Z","failure":{"type":"java.lang.IllegalStateException","message":"broken: lamp","stackTrace":"java.lang.IllegalStateException: broken: lamp\n\tat shop.Shop.main(Shop.java:1)\n","retryable":true}}]'),
  (3, 1, 2, '[{"kind":"OrchestrationStarted","id":1,"at":"2025-01-24T04:38:37.744480372Z","orchestration":"Count","version":"1.0","input":"1"},{"kind":"OrchestrationContinuedAsNew","id":2,"at":"2025-01-24T04:38:37.744480372Z","version":"1.0","input":"2"}]'),
  (3, 3, 2, '[{"kind":"OrchestrationStarted","id":1,"at":"2025-01-24T04:38:37.796426726Z","orchestration":"Count","version":"1.0","input":"2"},{"kind":"OrchestrationContinuedAsNew","id":2,"at":"2025-01-24T04:38:37.796426726Z","version":"1.0","input":"3"}]'),
  (3, 5, 2, '[{"kind":"OrchestrationStarted","id":1,"at":"2025-01-24T04:38:37.825238963Z","orchestration":"Count","version":"1.0","input":"3"},{"kind":"EventAwaited","id":2,"at":"2025-01-24T04:38:37.825238963Z","channel":"more"}]'),
  (4, 1, 2, '[{"kind":"OrchestrationStarted","id":1,"at":"2025-01-24T04:38:37.749900730Z","orchestration":"Parent","version":"1.0","input":"\"42? \""},{"kind":"ChildScheduled","id":2,"at":"2025-01-24T04:38:37.749900730Z","instance":"parent-1-child","runId":"487297c8-7dd4-3709-991c-2a1ad55c9f36","orchestration":"Ask","version":"1.0","input":"\"42? \""}]'),
  (5, 1, 2, '[{"kind":"OrchestrationStarted","id":1,"at":"2025-01-24T04:38:37.757086528Z","orchestration":"Nap","version":"1.0","input":"\"\""},{"kind":"TimerCreated","id":2,"at":"2025-01-24T04:38:37.757086528Z","fireAt":"2025-01-24T05:38:37.757086528Z"}]'),
  (6, 1, 2, '[{"kind":"OrchestrationStarted","id":1,"at":"2025-01-24T04:38:37.796724138Z","orchestration":"Ask","version":"1.0","input":"\"42? \"","parent":{"instance":"parent-1","runId":"3670aac5-eec5-4412-abdd-8049fb50168a","executionId":1,"scheduledId":2}},{"kind":"EventAwaited","id":2,"at":"2025-01-24T04:38:37.796724138Z","channel":"answer"}]'),
  (7, 1, 2, '[{"kind":"OrchestrationStarted","id":1,"at":"2025-01-24T04:38:37.796607334Z","orchestration":"Work","version":"1.0","input":"\"stone\""},{"kind":"ActivityScheduled","id":2,"at":"2025-01-24T04:38:37.796607334Z","activity":"Stall","input":"\"stone\""}]'),
  (8, 1, 2, '[{"kind":"OrchestrationStarted","id":1,"at":"2025-01-24T04:38:37.796842243Z","orchestration":"Retry","version":"1.0","input":"\"paper\""},{"kind":"ActivityScheduled","id":2,"at":"2025-01-24T04:38:37.796842243Z","activity":"Flaky","input":"\"paper\""}]');

INSERT INTO rekindle.message (instance, number, kind, visible_at, body) VALUES
  (6, 4, 'event', '2025-01-24 04:38:43.231725+00', '{"kind":"RaiseEvent","instance":"parent-1-child","channel":"answer","payload":"\"yes\""}'),
  (9, 0, 'open', '2025-01-24 04:38:43.205689+00', '{"kind":"StartOrchestration","instance":"pending-1","runId":"8f2adcec-e1d2-4668-a5e5-8b3b53c2c88d","orchestration":"Hello","version":"","input":"\"Cid\""}'),
  (9, 3, 'event', '2025-01-24 04:38:43.225104+00', '{"kind":"RaiseEvent","instance":"pending-1","channel":"go","payload":"\"early\""}');

INSERT INTO rekindle.timer (instance, position, due_at) VALUES
  (5, 2, '2025-01-24 05:38:37.757087+00');

INSERT INTO rekindle.work (instance, position, activity, node, visible_at, attempt, deaths, failure_type, failure_message, failure_trace, failure_retryable, heartbeat, body) VALUES
  (7, 2, 'Stall', 1, '2025-01-24 04:38:37.804885+00', 1, 0, NULL, NULL, NULL, NULL, NULL, '{"kind":"ActivityExecute","instance":"work-1","runId":"e338063c-867f-43e6-96d3-4225740a04c2","executionId":1,"scheduledId":2,"activity":"Stall","input":"\"stone\"","options":{"maxAttempts":1,"backoff":"PT1S","backoffFactor":2.0,"maxBackoff":"PT1M"},"scheduledAt":"2025-01-24T04:38:37.796607334Z"}'),
  (8, 2, 'Flaky', NULL, '2025-01-24 05:38:37.822232+00', 2, 0, 'java.io.IOException', 'no connection', 'java.io.IOException: no connection
	at shop.Shop.main(Shop.java:1)
', true, NULL, '{"kind":"ActivityExecute","instance":"retry-1","runId":"a89b4ac0-1866-4e6e-9395-3cab87ed9ae9","executionId":1,"scheduledId":2,"activity":"Flaky","input":"\"paper\"","options":{"maxAttempts":3,"backoff":"PT1H","backoffFactor":2.0,"maxBackoff":"PT1H"},"scheduledAt":"2025-01-24T04:38:37.796842243Z"}');

INSERT INTO rekindle.dead_letter (key, instance, run_id, reason, at, body) OVERRIDING SYSTEM VALUE VALUES
  (1, 'hello-1', '407a22fd-1a9c-4422-8776-ee9a6d761fab', 'the instance ended before it took this message', '2025-01-24 04:38:37.686098+00', '{"kind":"RaiseEvent","instance":"hello-1","runId":"407a22fd-1a9c-4422-8776-ee9a6d761fab","channel":"go","payload":"\"again\""}');

SELECT setval('rekindle.node_key_seq', 2), setval('rekindle.instance_key_seq', 9),
  setval('rekindle.message_number_seq', 4), setval('rekindle.dead_letter_key_seq', 1);
