using System.Text.Json;
using IotOps.Emulator.Http;
using IotOps.Emulator.Rest;

namespace IotOps.Emulator.ControlPlane;

/// <summary>SearchIndex. See https://docs.aws.amazon.com/iot/latest/apireference/API_SearchIndex.html.</summary>
internal sealed class SearchCalls(FleetIndex index)
{
    private const int MaxResults = 100;

    public void Search(RestCall call, Utf8JsonWriter output)
    {
        using JsonDocument document = JsonInput.Parse(call.Payload);
        var input = new JsonInput(document.RootElement);
        input.RefuseAllBut("SearchIndex", ["indexName", "queryString", "nextToken", "maxResults", "queryVersion"]);
        string query = input.Text("queryString") is { Length: > 0 } text ? text : throw RestCall.Invalid("The queryString is missing.");
        string name = input.Text("indexName") ?? FleetIndex.Name;
        if (name == "AWS_ThingGroups")
        {
            throw Refusal.NotImplemented("The emulator's SearchIndex has no index AWS_ThingGroups.");
        }

        if (name != FleetIndex.Name)
        {
            throw new Refusal(404, "ResourceNotFoundException", $"There is no index {name}.");
        }

        index.RequireOn();
        if (input.Text("queryVersion") is { } version && version != FleetIndex.QueryVersion)
        {
            throw RestCall.Invalid($"{version} is no queryVersion; it is {FleetIndex.QueryVersion}.");
        }

        (string Name, JsonElement Thing)[] found = [.. index.Find(query)];
        ListPage<(string Name, JsonElement Thing)> page = ListPage.Of(found, one => one.Name, RestCall.After(input.Text("nextToken")), (int)RestCall.PageSize(input, MaxResults));
        output.WriteStartArray("things"u8);
        foreach ((_, JsonElement thing) in page.Items)
        {
            thing.WriteTo(output);
        }

        output.WriteEndArray();
        page.WriteToken(output);
    }
}
