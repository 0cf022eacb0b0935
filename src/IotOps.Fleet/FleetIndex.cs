using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using IotOps.Aws;

namespace IotOps.Fleet;

/// <summary>
/// The fleet index, the thing groups and the registry of an account. Needs <c>iot:SearchIndex</c>, <c>iot:DescribeThingGroup</c>,
/// <c>iot:ListThingsInThingGroup</c> and <c>iot:ListThings</c>, each for its own method. See https://docs.aws.amazon.com/iot/latest/developerguide/iot-indexing.html.
/// </summary>
/// <param name="client">A client of <see cref="AwsService.Iot"/>; stays the caller's.</param>
public sealed class FleetIndex(AwsClient client)
{
    /// <summary>Things that a call of SearchIndex answers at most.</summary>
    public const int PageSize = 100;

    private const int ListPageSize = 250;

    /// <summary>Finds things, page after page. What changes meanwhile may come twice or not at all: the index has no order to rely on.</summary>
    /// <param name="query">What is looked for.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="AwsException">The service refused: the index is off, or still being built.</exception>
    public async IAsyncEnumerable<FleetThing> SearchAsync(FleetQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        string? after = null;
        do
        {
            FleetThingPage page = await SearchPageAsync(query, after, PageSize, cancellationToken).ConfigureAwait(false);
            foreach (FleetThing thing in page.Things)
            {
                yield return thing;
            }

            after = page.Next;
        }
        while (after is not null);
    }

    /// <summary>Finds things, one page of them: one call of SearchIndex, for somebody who leafs through them.</summary>
    /// <param name="query">What is looked for.</param>
    /// <param name="after">The <see cref="FleetThingPage.Next"/> of the page before; null for the first page.</param>
    /// <param name="count">Things of the page at most: 1 to <see cref="PageSize"/>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count cannot be.</exception>
    /// <exception cref="AwsException">The service refused: the index is off, still being built, or <paramref name="after"/> is none of its tokens.</exception>
    /// <exception cref="FormatException">The answer has a thing that is none.</exception>
    public async Task<FleetThingPage> SearchPageAsync(FleetQuery query, string? after = null, int count = PageSize, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, PageSize);
        AwsRequest request = AwsRequest.RestJson("SearchIndex", "/indices/search", json =>
        {
            json.WriteString("queryString"u8, query.Text);
            json.WriteNumber("maxResults"u8, count);
            if (after is not null)
            {
                json.WriteString("nextToken"u8, after);
            }
        });
        JsonElement page = await AskAsync(request, cancellationToken).ConfigureAwait(false);
        List<FleetThing> things = [];
        foreach (JsonElement thing in Items(page, "things"))
        {
            things.Add(FleetThing.Read(thing));
        }

        return new FleetThingPage(things, Text(page, "nextToken"));
    }

    /// <summary>What a thing group is: static, or dynamic with a query.</summary>
    /// <exception cref="AwsException">There is no such group, or the service refused.</exception>
    public async Task<FleetGroup> DescribeGroupAsync(string name, CancellationToken cancellationToken = default)
    {
        JsonElement group = await AskAsync(Get("DescribeThingGroup", $"/thing-groups/{Checked(name)}", []), cancellationToken).ConfigureAwait(false);
        JsonElement metadata = Member(group, "thingGroupMetadata");
        JsonElement properties = Member(group, "thingGroupProperties");
        JsonElement attributes = Member(Member(properties, "attributePayload"), "attributes");
        return new FleetGroup(name, Text(group, "thingGroupArn"))
        {
            Query = Text(group, "queryString"),
            Status = Text(group, "status"),
            Parent = Text(metadata, "parentGroupName"),
            Description = Text(properties, "thingGroupDescription"),
            Attributes = attributes.ValueKind == JsonValueKind.Object
                ? attributes.EnumerateObject().ToDictionary(one => one.Name, one => one.Value.ToString(), StringComparer.Ordinal)
                : new Dictionary<string, string>(StringComparer.Ordinal),
        };
    }

    /// <summary>The names of the things in a group, page after page.</summary>
    /// <param name="name">The group, static or dynamic.</param>
    /// <param name="recursive">Whether things of the groups below it count.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="AwsException">There is no such group, or the service refused.</exception>
    public IAsyncEnumerable<string> ThingsInGroupAsync(string name, bool recursive = false, CancellationToken cancellationToken = default) =>
        ListAsync(
            "ListThingsInThingGroup",
            $"/thing-groups/{Checked(name)}/things",
            [new("recursive", recursive ? "true" : "false")],
            static thing => thing.ValueKind == JsonValueKind.String ? thing.GetString() : null,
            cancellationToken);

    /// <summary>The names of all things of the registry, page after page: 250 a call.</summary>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="AwsException">The service refused.</exception>
    public IAsyncEnumerable<string> ThingsAsync(CancellationToken cancellationToken = default) =>
        ListAsync("ListThings", "/things", [], static thing => Text(thing, "thingName"), cancellationToken);

    private async IAsyncEnumerable<string> ListAsync(
        string operation, string path, KeyValuePair<string, string>[] parameters, Func<JsonElement, string?> nameOf, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? token = null;
        do
        {
            List<KeyValuePair<string, string>> query = [new("maxResults", $"{ListPageSize}"), .. parameters];
            if (token is not null)
            {
                query.Add(new("nextToken", token));
            }

            JsonElement page = await AskAsync(Get(operation, path, query), cancellationToken).ConfigureAwait(false);
            foreach (JsonElement thing in Items(page, "things"))
            {
                if (nameOf(thing) is { } name)
                {
                    yield return name;
                }
            }

            token = Text(page, "nextToken");
        }
        while (token is not null);
    }

    private async Task<JsonElement> AskAsync(AwsRequest request, CancellationToken cancellationToken)
    {
        AwsResponse response = await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
        try
        {
            return JsonElement.Parse(response.Body.Span);
        }
        catch (JsonException e)
        {
            throw new AwsException($"The answer of {request.Operation} is no JSON.", e) { Service = "iot", Operation = request.Operation, Code = "UnreadableAnswer", StatusCode = HttpStatusCode.OK };
        }
    }

    private static AwsRequest Get(string operation, string path, List<KeyValuePair<string, string>> query) =>
        new() { Operation = operation, Method = HttpMethod.Get, Path = path, Query = query };

    // A name goes into the path, where a slash would make another path of it.
    private static string Checked(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return name.Length <= 128 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is ':' or '_' or '-')
            ? name
            : throw new ArgumentException($"'{name}' is no thing group; a name has up to 128 letters, digits, ':', '_' and '-'.", nameof(name));
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement page, string name) =>
        Member(page, name) is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray() : default;

    private static JsonElement Member(JsonElement at, string name) =>
        at.ValueKind == JsonValueKind.Object && at.TryGetProperty(name, out JsonElement value) ? value : default;

    private static string? Text(JsonElement at, string name) => Member(at, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
