using System.Globalization;
using System.Text.Json;
using IotOps.Emulator.Http;
using IotOps.Emulator.Rest;

namespace IotOps.Emulator.ControlPlane;

/// <summary>ListAuditFindings. See https://docs.aws.amazon.com/iot/latest/apireference/API_ListAuditFindings.html.</summary>
internal sealed class FindingCalls(FleetStore store)
{
    private const int MaxResults = 250;

    public void List(RestCall call, Utf8JsonWriter output)
    {
        using JsonDocument document = JsonInput.Parse(call.Payload);
        var input = new JsonInput(document.RootElement);
        input.RefuseAllBut("ListAuditFindings", ["taskId", "checkName", "resourceIdentifier", "maxResults", "nextToken", "startTime", "endTime", "listSuppressedFindings"]);
        string? task = input.Text("taskId");
        if (task is not null && (task.Length is 0 or > 40 || !task.All(static c => char.IsAsciiLetterOrDigit(c) || c == '-')))
        {
            throw RestCall.Invalid($"'{task}' is no taskId: 1 to 40 letters, digits and hyphens.");
        }

        DateTimeOffset? since = input.Time("startTime"), until = input.Time("endTime");
        if (task is null ? since is null || until is null : since is not null || until is not null)
        {
            throw RestCall.Invalid("A request names either a taskId, or a startTime and an endTime.");
        }

        if (since > until)
        {
            throw RestCall.Invalid("The startTime is behind the endTime.");
        }

        bool? suppressed = input.Choice("listSuppressedFindings");
        string? check = input.Text("checkName");
        JsonElement? resource = input.Object("resourceIdentifier");
        if (resource is { } identifier && FindingResource.Shape.Wrong(identifier, "resourceIdentifier") is { } wrong)
        {
            throw RestCall.Invalid(wrong);
        }

        IEnumerable<(string Key, StoredFinding Finding)> found = store.Findings()
            .Select((finding, place) => (Key: place.ToString("D10", CultureInfo.InvariantCulture), Finding: finding))
            .Where(one => one.Finding.Has("taskId", task) && one.Finding.Has("checkName", check) && !(one.Finding.Time < since) && !(one.Finding.Time > until)
                && (suppressed is null || one.Finding.IsSuppressed == suppressed) && one.Finding.IsAbout(resource));
        ListPage<(string Key, StoredFinding Finding)> page = ListPage.Of(found, one => one.Key, RestCall.After(input.Text("nextToken")), (int)RestCall.PageSize(input, MaxResults));
        output.WriteStartArray("findings"u8);
        foreach ((_, StoredFinding finding) in page.Items)
        {
            finding.Json.WriteTo(output);
        }

        output.WriteEndArray();
        page.WriteToken(output);
    }
}
