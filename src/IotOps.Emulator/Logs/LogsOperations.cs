using System.Text.Json;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.Logs;

/// <summary>
/// The operations of CloudWatch Logs that are read whole, with the members that each of them honours: whatever else a request brings is refused by its
/// name, since a client that asks for it and gets an answer would find out only on AWS.
/// </summary>
internal sealed class LogsOperations
{
    private readonly Dictionary<string, Operation> _all;

    public LogsOperations(LogStore store)
    {
        var groups = new LogGroupOperations(store);
        var streams = new LogStreamOperations(store);
        var tags = new TagOperations(store);
        var metricFilters = new MetricFilterOperations(store);
        var subscriptionFilters = new SubscriptionFilterOperations(store);
        var queries = new QueryOperations(store);
        var getLogEvents = new GetLogEvents(store);
        var filterLogEvents = new FilterLogEvents(store);
        _all = new Dictionary<string, Operation>(StringComparer.Ordinal)
        {
            ["CreateLogGroup"] = new(["logGroupName", "kmsKeyId", "tags", "logGroupClass", "deletionProtectionEnabled"], groups.Create),
            ["DeleteLogGroup"] = new(["logGroupName"], groups.Delete),
            ["DescribeLogGroups"] = new(["logGroupNamePrefix", "logGroupNamePattern", "logGroupClass", "nextToken", "limit"], groups.Describe),
            ["PutRetentionPolicy"] = new(["logGroupName", "retentionInDays"], groups.PutRetention),
            ["DeleteRetentionPolicy"] = new(["logGroupName"], groups.DeleteRetention),
            ["PutLogGroupDeletionProtection"] = new(["logGroupIdentifier", "deletionProtectionEnabled"], groups.PutDeletionProtection),
            ["TagResource"] = new(["resourceArn", "tags"], tags.Tag),
            ["UntagResource"] = new(["resourceArn", "tagKeys"], tags.Untag),
            ["ListTagsForResource"] = new(["resourceArn"], tags.List),
            ["TagLogGroup"] = new(["logGroupName", "tags"], tags.TagGroup),
            ["UntagLogGroup"] = new(["logGroupName", "tags"], tags.UntagGroup),
            ["ListTagsLogGroup"] = new(["logGroupName"], tags.ListOfGroup),
            ["CreateLogStream"] = new(["logGroupName", "logStreamName"], streams.Create),
            ["DeleteLogStream"] = new(["logGroupName", "logStreamName"], streams.Delete),
            ["DescribeLogStreams"] = new(
                ["logGroupName", "logGroupIdentifier", "logStreamNamePrefix", "orderBy", "descending", "nextToken", "limit"], streams.Describe),
            ["PutMetricFilter"] = new(["logGroupName", "filterName", "filterPattern", "metricTransformations"], metricFilters.Put),
            ["DescribeMetricFilters"] = new(
                ["logGroupName", "filterNamePrefix", "nextToken", "limit", "metricName", "metricNamespace"], metricFilters.Describe),
            ["DeleteMetricFilter"] = new(["logGroupName", "filterName"], metricFilters.Delete),
            ["TestMetricFilter"] = new(["filterPattern", "logEventMessages"], MetricFilterOperations.Test),
            ["PutSubscriptionFilter"] = new(
                ["logGroupName", "filterName", "filterPattern", "destinationArn", "roleArn", "distribution"], subscriptionFilters.Put),
            ["DescribeSubscriptionFilters"] = new(["logGroupName", "filterNamePrefix", "nextToken", "limit"], subscriptionFilters.Describe),
            ["DeleteSubscriptionFilter"] = new(["logGroupName", "filterName"], subscriptionFilters.Delete),
            ["StartQuery"] = new(
                ["logGroupName", "logGroupNames", "logGroupIdentifiers", "startTime", "endTime", "queryString", "limit", "queryLanguage"], queries.Start),
            ["GetQueryResults"] = new(["queryId"], queries.Results),
            ["StopQuery"] = new(["queryId"], queries.Stop),
            ["DescribeQueries"] = new(["logGroupName", "status", "maxResults", "nextToken", "queryLanguage"], queries.Describe),
            ["GetLogEvents"] = new(
                ["logGroupName", "logGroupIdentifier", "logStreamName", "startTime", "endTime", "nextToken", "limit", "startFromHead", "unmask"], getLogEvents.Execute),
            ["FilterLogEvents"] = new(
                [
                    "logGroupName", "logGroupIdentifier", "logStreamNames", "logStreamNamePrefix", "startTime", "endTime", "filterPattern", "nextToken", "limit",
                    "interleaved", "unmask",
                ],
                filterLogEvents.Execute),
        };
    }

    /// <summary>What an operation does once its request is read.</summary>
    /// <exception cref="Refusal">501: it is not here, or the request has a member that is not.</exception>
    public Action<Utf8JsonWriter> Find(string name, JsonInput input, string region)
    {
        if (!_all.TryGetValue(name, out Operation? operation))
        {
            throw Refusal.NotImplemented($"The emulator has no Logs operation '{name}'.");
        }

        input.RefuseAllBut(name, operation.Members);
        return output => operation.Execute(input, region, output);
    }

    private sealed record Operation(string[] Members, Action<JsonInput, string, Utf8JsonWriter> Execute)
    {
        public Operation(string[] members, Action<JsonInput, Utf8JsonWriter> execute)
            : this(members, (input, _, output) => execute(input, output))
        {
        }

        public Operation(string[] members, Action<JsonInput> execute)
            : this(members, (input, _, _) => execute(input))
        {
        }
    }
}
