using System.Net;
using System.Text.Json;
using IotOps.Aws;

namespace IotOps.Detect.Quarantine;

/// <summary>The calls of AWS IoT's control plane that a quarantine needs.</summary>
internal sealed class IotCalls(AwsClient client)
{
    public const string NotFound = "ResourceNotFoundException";
    private const string PageSize = "250";

    /// <summary>The id of a thing; null when there is none.</summary>
    public async Task<string?> ThingIdAsync(string thing, CancellationToken stop)
    {
        JsonElement? answer = await FindAsync("DescribeThing", ["things", thing], stop).ConfigureAwait(false);
        return answer is { } found ? Text(found, "thingId") ?? throw Unreadable("DescribeThing", "thingId") : null;
    }

    /// <summary>Counts things until there are so many.</summary>
    public async Task<long> CountThingsAsync(long enough, CancellationToken stop)
    {
        long count = 0;
        string? token = null;
        do
        {
            JsonElement page = await GetAsync("ListThings", ["things"], Page(token), stop).ConfigureAwait(false);
            count += page.GetProperty("things"u8).GetArrayLength();
            token = Text(page, "nextToken");
        }
        while (token is not null && count < enough);
        return count;
    }

    /// <summary>ARNs of certificates, and what other principals are called.</summary>
    public Task<List<string>> PrincipalsOfAsync(string thing, CancellationToken stop) =>
        ListAsync("ListThingPrincipals", ["things", thing, "principals"], "principals", member: null, [], stop);

    public Task<List<string>> ThingsOfAsync(string principal, CancellationToken stop) =>
        ListAsync("ListPrincipalThings", ["principals", "things"], "things", member: null, [new("x-amzn-principal", principal)], stop);

    public Task<List<string>> GroupsOfAsync(string thing, CancellationToken stop) =>
        ListAsync("ListThingGroupsForThing", ["things", thing, "thing-groups"], "thingGroups", "groupName", [], stop);

    /// <summary>A group's ARN, and whether it is dynamic; null when there is none.</summary>
    public async Task<(string Arn, bool IsDynamic)?> GroupAsync(string group, CancellationToken stop)
    {
        JsonElement? answer = await FindAsync("DescribeThingGroup", ["thing-groups", group], stop).ConfigureAwait(false);
        return answer is { } found
            ? (Text(found, "thingGroupArn") ?? throw Unreadable("DescribeThingGroup", "thingGroupArn"), Text(found, "queryString") is { Length: > 0 })
            : null;
    }

    public async Task<bool> HasPolicyAsync(string policy, CancellationToken stop) =>
        await FindAsync("GetPolicy", ["policies", policy], stop).ConfigureAwait(false) is not null;

    /// <summary>The status of a certificate; null when there is none.</summary>
    public async Task<string?> StatusOfAsync(string certificateId, CancellationToken stop)
    {
        JsonElement? answer = await FindAsync("DescribeCertificate", ["certificates", certificateId], stop).ConfigureAwait(false);
        return answer is not { } found ? null
            : found.TryGetProperty("certificateDescription"u8, out JsonElement description) && Text(description, "status") is { } status ? status
            : throw Unreadable("DescribeCertificate", "status");
    }

    /// <summary>The names of the policies that are attached to a certificate or a group, sorted.</summary>
    public async Task<List<string>> PoliciesOfAsync(string target, CancellationToken stop)
    {
        List<string> names = [];
        string? marker = null;
        do
        {
            List<KeyValuePair<string, string>> query = [new("pageSize", PageSize)];
            if (marker is not null)
            {
                query.Add(new("marker", marker));
            }

            JsonElement page = await SendAsync(Request("ListAttachedPolicies", HttpMethod.Post, ["attached-policies", target]) with { Query = query }, stop).ConfigureAwait(false);
            AddNames(names, page, "policies", "policyName");
            marker = Text(page, "nextMarker");
        }
        while (marker is not null);
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    public Task UpdateCertificateAsync(string certificateId, string status, CancellationToken stop) =>
        SendAsync(Request("UpdateCertificate", HttpMethod.Put, ["certificates", certificateId]) with { Query = [new("newStatus", status)] }, stop);

    public Task AttachPolicyAsync(string policy, string target, CancellationToken stop) =>
        SendAsync(OnTarget("AttachPolicy", HttpMethod.Put, policy, target), stop);

    public Task DetachPolicyAsync(string policy, string target, CancellationToken stop) =>
        SendAsync(OnTarget("DetachPolicy", HttpMethod.Post, policy, target), stop);

    public Task AddToGroupAsync(string thing, string group, CancellationToken stop) =>
        SendAsync(OfGroup("AddThingToThingGroup", thing, group, json => json.WriteBoolean("overrideDynamicGroups"u8, value: false)), stop);

    public Task RemoveFromGroupAsync(string thing, string group, CancellationToken stop) =>
        SendAsync(OfGroup("RemoveThingFromThingGroup", thing, group, _ => { }), stop);

    private static AwsRequest OfGroup(string operation, string thing, string group, Action<Utf8JsonWriter> more)
    {
        AwsRequest request = AwsRequest.RestJson(operation, $"/thing-groups/{char.ToLowerInvariant(operation[0])}{operation[1..]}", json =>
        {
            json.WriteString("thingGroupName"u8, group);
            json.WriteString("thingName"u8, thing);
            more(json);
        });
        return request with { Method = HttpMethod.Put };
    }

    private static AwsRequest OnTarget(string operation, HttpMethod method, string policy, string target) =>
        AwsRequest.RestJson(operation, "/", json => json.WriteString("target"u8, target)) with { Method = method, Segments = ["target-policies", policy] };

    private static AwsRequest Request(string operation, HttpMethod method, IReadOnlyList<string> segments) =>
        new() { Operation = operation, Method = method, Segments = segments };

    private static List<KeyValuePair<string, string>> Page(string? token) =>
        token is null ? [new("maxResults", PageSize)] : [new("maxResults", PageSize), new("nextToken", token)];

    private async Task<List<string>> ListAsync(
        string operation, IReadOnlyList<string> segments, string list, string? member, IReadOnlyList<KeyValuePair<string, string>> headers, CancellationToken stop)
    {
        List<string> names = [];
        string? token = null;
        do
        {
            JsonElement page = await SendAsync(Request(operation, HttpMethod.Get, segments) with { Query = Page(token), Headers = headers }, stop).ConfigureAwait(false);
            AddNames(names, page, list, member);
            token = Text(page, "nextToken");
        }
        while (token is not null);
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    private static void AddNames(List<string> names, JsonElement page, string list, string? member)
    {
        if (page.TryGetProperty(list, out JsonElement items) && items.ValueKind == JsonValueKind.Array)
        {
            names.AddRange(items.EnumerateArray().Select(item => member is null ? item.GetString() : Text(item, member)).OfType<string>());
        }
    }

    private Task<JsonElement> GetAsync(string operation, IReadOnlyList<string> segments, IReadOnlyList<KeyValuePair<string, string>> query, CancellationToken stop) =>
        SendAsync(Request(operation, HttpMethod.Get, segments) with { Query = query }, stop);

    private async Task<JsonElement?> FindAsync(string operation, IReadOnlyList<string> segments, CancellationToken stop)
    {
        try
        {
            return await GetAsync(operation, segments, [], stop).ConfigureAwait(false);
        }
        catch (AwsException e) when (e.Code == NotFound)
        {
            return null;
        }
    }

    private async Task<JsonElement> SendAsync(AwsRequest request, CancellationToken stop)
    {
        AwsResponse response = await client.SendAsync(request, stop).ConfigureAwait(false);
        if (response.Body.Length == 0)
        {
            return default;
        }

        try
        {
            JsonElement answer = JsonElement.Parse(response.Body.Span);
            return answer.ValueKind == JsonValueKind.Object ? answer : throw Unreadable(request.Operation, "object");
        }
        catch (JsonException e)
        {
            throw Unreadable(request.Operation, "JSON", e);
        }
    }

    private static string? Text(JsonElement json, string member) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(member, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static AwsException Unreadable(string operation, string what, Exception? inner = null) =>
        new($"The answer of {operation} has no {what}.", inner) { Service = "iot", Operation = operation, Code = "UnreadableAnswer", StatusCode = HttpStatusCode.OK };
}
