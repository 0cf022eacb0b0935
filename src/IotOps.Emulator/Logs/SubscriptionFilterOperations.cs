using System.Text.Json;
using IotOps.Emulator.Http;
using IotOps.Emulator.Logs.Patterns;

namespace IotOps.Emulator.Logs;

/// <summary>
/// PutSubscriptionFilter, DescribeSubscriptionFilters and DeleteSubscriptionFilter.
/// See https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutSubscriptionFilter.html.
/// </summary>
internal sealed class SubscriptionFilterOperations(LogStore store)
{
    private const int MaxFilters = 2;
    private const int MaxPage = 50;

    public void Put(JsonInput input)
    {
        LogGroup group = store.Group(Constraint.GroupName(input.Text("logGroupName")));
        string name = FilterInput.Name(input);
        (string text, FilterPattern pattern) = FilterInput.Pattern(input);
        string destination = Constraint.Length(input.Text("destinationArn"), "destinationArn", int.MaxValue);
        string? role = input.Text("roleArn") is { } given ? Constraint.Length(given, "roleArn", int.MaxValue) : null;
        string distribution = Constraint.Word(input, "distribution", "Random", "ByLogStream") ?? "ByLogStream";
        if (!destination.StartsWith("arn:", StringComparison.Ordinal))
        {
            throw new Refusal(400, "InvalidParameterException", $"destinationArn '{destination}' is not an ARN.");
        }

        var filter = new SubscriptionFilter(name, text, pattern, destination, role, distribution, store.Now);
        lock (group.SubscriptionFilters)
        {
            if (!group.SubscriptionFilters.ContainsKey(name) && group.SubscriptionFilters.Count == MaxFilters)
            {
                throw new Refusal(400, "LimitExceededException", "Resource limit exceeded.");
            }

            group.SubscriptionFilters[name] = filter;
        }

        store.Targets.Deliver(filter.Check(store.Options.AccountId, store.Options.TimeProvider.GetUtcNow()));
    }

    public void Delete(JsonInput input)
    {
        LogGroup group = store.Group(Constraint.GroupName(input.Text("logGroupName")));
        if (!group.SubscriptionFilters.TryRemove(FilterInput.Name(input), out _))
        {
            throw FilterInput.NotFound("subscription");
        }
    }

    public void Describe(JsonInput input, Utf8JsonWriter output)
    {
        LogGroup group = store.Group(Constraint.GroupName(input.Text("logGroupName")));
        string prefix = FilterInput.Prefix(input) ?? "";
        SubscriptionFilter[] found =
            [.. group.SubscriptionFilters.Values.Where(one => one.Name.StartsWith(prefix, StringComparison.Ordinal)).OrderBy(one => one.Name, StringComparer.Ordinal)];
        Page<SubscriptionFilter> page = Page<SubscriptionFilter>.Of(found, input.Text("nextToken"), Constraint.Limit(input.Number("limit"), MaxPage));
        output.WriteStartObject();
        output.WriteStartArray("subscriptionFilters"u8);
        foreach (SubscriptionFilter filter in page.Items)
        {
            filter.Write(output, group.Name);
        }

        output.WriteEndArray();
        page.WriteToken(output);
        output.WriteEndObject();
    }
}
