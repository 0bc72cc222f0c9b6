-- The instances that have a problem, those that were started last first: few of many.
CREATE INDEX instance_troubled ON rekindle.instance (created_at, key) WHERE problem IS NOT NULL;
