using System.Text;
using System.Text.Json;
using IotOps.Emulator.Http;
using IotOps.Emulator.Logs.Patterns;

namespace IotOps.Emulator.Logs;

/// <summary>
/// PutMetricFilter, DescribeMetricFilters, DeleteMetricFilter and TestMetricFilter.
/// See https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html.
/// </summary>
internal sealed class MetricFilterOperations(LogStore store)
{
    private const int MaxFilters = 100;
    private const int MaxPage = 50;
    private const int MaxTested = 50;

    public void Put(JsonInput input)
    {
        LogGroup group = store.Group(Constraint.GroupName(input.Text("logGroupName")));
        string name = FilterInput.Name(input);
        (string text, FilterPattern pattern) = FilterInput.Pattern(input);
        MetricTransformation metric = TransformationInput.Read(input);
        if (metric.Selectors.FirstOrDefault(selector => !pattern.Knows(selector)) is { } unknown)
        {
            throw new Refusal(400, "InvalidParameterException", $"Invalid metric transformation: the filter pattern has nothing that '{unknown}' could name.");
        }

        var filter = new MetricFilter(name, text, pattern, metric, store.Now);
        lock (group.MetricFilters)
        {
            if (!group.MetricFilters.ContainsKey(name) && group.MetricFilters.Count == MaxFilters)
            {
                throw new Refusal(400, "LimitExceededException", $"A log group has {MaxFilters} metric filters at most.");
            }

            group.MetricFilters[name] = filter;
        }
    }

    public void Delete(JsonInput input)
    {
        LogGroup group = store.Group(Constraint.GroupName(input.Text("logGroupName")));
        if (!group.MetricFilters.TryRemove(FilterInput.Name(input), out _))
        {
            throw FilterInput.NotFound("metric");
        }
    }

    public void Describe(JsonInput input, Utf8JsonWriter output)
    {
        string? groupName = input.Text("logGroupName") is { } given ? Constraint.GroupName(given) : null;
        string? prefix = FilterInput.Prefix(input);
        string? metric = TransformationInput.MetricWord(input, "metricName");
        string? space = TransformationInput.MetricWord(input, "metricNamespace");
        if (metric is null != space is null)
        {
            throw new Refusal(400, "InvalidParameterException", "metricName and metricNamespace must be given together.");
        }

        IEnumerable<LogGroup> groups = groupName is null ? store.Groups : [store.Group(groupName)];

        // Without a group the service lets the prefix go.
        (string Group, MetricFilter Filter)[] found =
        [
            .. groups.SelectMany(group => group.MetricFilters.Values.Select(filter => (group.Name, filter)))
                .Where(one => (groupName is null || prefix is null || one.filter.Name.StartsWith(prefix, StringComparison.Ordinal))
                    && (metric is null || (one.filter.Metric.Name == metric && one.filter.Metric.Namespace == space)))
                .OrderBy(one => one.filter.Name, StringComparer.Ordinal),
        ];
        Page<(string Group, MetricFilter Filter)> page = Page<(string Group, MetricFilter Filter)>.Of(found, input.Text("nextToken"), Constraint.Limit(input.Number("limit"), MaxPage));
        output.WriteStartObject();
        output.WriteStartArray("metricFilters"u8);
        foreach ((string group, MetricFilter filter) in page.Items)
        {
            filter.Write(output, group);
        }

        output.WriteEndArray();
        page.WriteToken(output);
        output.WriteEndObject();
    }

    public static void Test(JsonInput input, Utf8JsonWriter output)
    {
        (_, FilterPattern pattern) = FilterInput.Pattern(input);
        IReadOnlyList<string> messages = input.Texts("logEventMessages") ?? throw Constraint.Violated("null", "logEventMessages", "Member must not be null");
        if (messages.Count is 0 or > MaxTested || messages.Any(static m => m.Length == 0))
        {
            throw Constraint.Violated($"{messages.Count} messages", "logEventMessages", $"Member must have length between 1 and {MaxTested}, and each message at least 1");
        }

        output.WriteStartObject();
        output.WriteStartArray("matches"u8);
        for (int i = 0; i < messages.Count; i++)
        {
            byte[] message = Encoding.UTF8.GetBytes(messages[i]);
            if (!pattern.Matches(message))
            {
                continue;
            }

            output.WriteStartObject();
            output.WriteNumber("eventNumber"u8, i);
            output.WriteString("eventMessage"u8, messages[i]);
            output.WriteStartObject("extractedValues"u8);
            foreach ((string name, string value) in pattern.Extract(message))
            {
                output.WriteString(name, value);
            }

            output.WriteEndObject();
            output.WriteEndObject();
        }

        output.WriteEndArray();
        output.WriteEndObject();
    }
}
