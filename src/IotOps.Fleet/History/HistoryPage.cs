using System.Text.Json;
using IotOps.Aws;
using IotOps.Fleet.Trail;

namespace IotOps.Fleet.History;

/// <summary>One answer of LookupEvents.</summary>
/// <param name="Events">Ids, and records as JSON in a text.</param>
/// <param name="NextToken">Asks for the next one; null when there is none.</param>
internal sealed record HistoryPage(IReadOnlyList<(string? Id, string Record)> Events, string? NextToken)
{
    public static HistoryPage Read(AwsResponse response)
    {
        JsonElement answer;
        try
        {
            answer = JsonElement.Parse(response.Body.Span);
        }
        catch (JsonException e)
        {
            throw new AwsException($"cloudtrail LookupEvents answered with something that is no JSON: {e.Message}", e)
            {
                Service = "cloudtrail",
                Operation = "LookupEvents",
                Code = "UnreadableAnswer",
                StatusCode = response.StatusCode,
                RequestId = response.RequestId,
            };
        }

        JsonElement list = Members.Object(answer, "Events"u8);
        return new HistoryPage(
            list.ValueKind != JsonValueKind.Array
                ? []
                : [.. list.EnumerateArray().Select(found => (Members.Text(found, "EventId"u8), Members.Text(found, "CloudTrailEvent"u8) ?? ""))],
            Members.Text(answer, "NextToken"u8));
    }
}
