namespace IotOps.Defender.Rules;

/// <summary>What Device Defender's ValidateSecurityProfileBehaviors would refuse, and what nobody in scope measures.</summary>
internal static class BehaviorCheck
{
    private static readonly int[] Durations = [300, 600, 900, 1800, 3600];

    /// <summary>Null when all is well; otherwise a sentence that names the behavior, the member and the rule.</summary>
    public static string? Problem(Behavior behavior, MetricScope scope = MetricScope.Device)
    {
        if (!BehaviorGrammar.IsName(behavior.Name))
        {
            return $"a behavior's name is 1-128 of a-z A-Z 0-9 : _ -, not '{behavior.Name}'.";
        }

        if (MeasuredMetrics.Of(behavior.Metric, scope) is not { } metric)
        {
            return scope == MetricScope.Device
                ? $"'{behavior.Name}': {behavior.Metric} is not measured on the device; it measures {MeasuredMetrics.AllNames(scope)} and custom metrics."
                : $"'{behavior.Name}': {behavior.Metric} is not known; known are {MeasuredMetrics.AllNames(scope)} and custom metrics.";
        }

        if (!BehaviorGrammar.IsName(behavior.Metric))
        {
            return $"'{behavior.Name}': a custom metric's name is 1-128 of a-z A-Z 0-9 : _ -, not '{behavior.Metric}'.";
        }

        return Problem(behavior.Criteria, metric) is { } problem ? $"'{behavior.Name}' ({behavior.Metric}): {problem}" : null;
    }

    private static string? Problem(BehaviorCriteria criteria, MeasuredMetric metric)
    {
        ComparisonOperator comparison = criteria.ComparisonOperator;
        bool ordered = BehaviorGrammar.IsOrdered(comparison);
        string? fits = metric switch
        {
            MeasuredMetric.Custom => null,
            MeasuredMetric.DisconnectDuration => comparison is ComparisonOperator.LessThan or ComparisonOperator.LessThanEquals ? null : "less-than or less-than-equals",
            _ when MeasuredMetrics.IsCount(metric) => ordered ? null : "less-than, less-than-equals, greater-than or greater-than-equals",
            _ when MeasuredMetrics.IsPortList(metric) =>
                comparison is ComparisonOperator.InPortSet or ComparisonOperator.NotInPortSet ? null : "in-port-set or not-in-port-set",
            _ => comparison is ComparisonOperator.InCidrSet or ComparisonOperator.NotInCidrSet ? null : "in-cidr-set or not-in-cidr-set",
        };
        if (fits is not null)
        {
            return $"comparisonOperator is {fits} here, not {BehaviorGrammar.Text(comparison)}.";
        }

        if ((criteria.Value is null) == (criteria.Statistic is null))
        {
            return "the criteria have either a value or a statisticalThreshold.";
        }

        if (metric == MeasuredMetric.DisconnectDuration && (criteria.Statistic is not null || criteria.Duration != TimeSpan.Zero))
        {
            return "it is a time that passes, in minutes: it needs a value, and has neither durationSeconds nor statisticalThreshold.";
        }

        return ConsecutiveProblem("consecutiveDatapointsToAlarm", criteria.ConsecutiveDatapointsToAlarm)
            ?? ConsecutiveProblem("consecutiveDatapointsToClear", criteria.ConsecutiveDatapointsToClear)
            ?? DurationProblem(criteria.Duration, ordered)
            ?? (criteria.Value is { } value ? ValueProblem(value, comparison) : StatisticProblem(criteria.Statistic!, ordered));
    }

    private static string? ConsecutiveProblem(string name, int value) =>
        value is >= 1 and <= 10 ? null : $"{name} is 1-10, not {value}.";

    private static string? DurationProblem(TimeSpan duration, bool ordered)
    {
        if (duration == TimeSpan.Zero)
        {
            return null;
        }

        if (!ordered)
        {
            return "durationSeconds is for numbers, not for lists.";
        }

        return Array.IndexOf(Durations, (int)duration.TotalSeconds) >= 0 ? null : "durationSeconds is 300, 600, 900, 1800 or 3600.";
    }

    private static string? StatisticProblem(string statistic, bool ordered) =>
        !ordered ? "a statisticalThreshold needs less-than, less-than-equals, greater-than or greater-than-equals."
        : Percentile.TryParse(statistic, out _) ? null
        : $"statistic is a percentile from p0 to p100 such as p90 or p99.9, not '{statistic}'.";

    private static string? ValueProblem(MetricValue value, ComparisonOperator comparison)
    {
        int set = (value.Count is null ? 0 : 1) + (value.Number is null ? 0 : 1) + (value.Numbers is null ? 0 : 1)
            + (value.Cidrs is null ? 0 : 1) + (value.Ports is null ? 0 : 1) + (value.Strings is null ? 0 : 1);
        bool fits = set == 1 && comparison switch
        {
            ComparisonOperator.InCidrSet or ComparisonOperator.NotInCidrSet => value.Cidrs is not null,
            ComparisonOperator.InPortSet or ComparisonOperator.NotInPortSet => value.Ports is not null,
            ComparisonOperator.InSet or ComparisonOperator.NotInSet => value.Numbers is not null || value.Strings is not null,
            _ => value.Count is not null || value.Number is not null,
        };
        if (!fits)
        {
            string wanted = comparison switch
            {
                ComparisonOperator.InCidrSet or ComparisonOperator.NotInCidrSet => "cidrs",
                ComparisonOperator.InPortSet or ComparisonOperator.NotInPortSet => "ports",
                ComparisonOperator.InSet or ComparisonOperator.NotInSet => "numbers or strings",
                _ => "count or number",
            };
            return $"{BehaviorGrammar.Text(comparison)} needs a value with just {wanted}.";
        }

        if (value.Count is < 0)
        {
            return $"a count is 0 or more, not {value.Count}.";
        }

        foreach (string cidr in value.Cidrs ?? [])
        {
            if (!Cidr.TryParse(cidr, out _))
            {
                return $"'{cidr}' is no CIDR such as 10.0.0.0/8, 2001:db8::/32 or an address.";
            }
        }

        foreach (int port in value.Ports ?? [])
        {
            if (port is < 0 or > 65535)
            {
                return "a port is 0-65535.";
            }
        }

        return null;
    }
}
