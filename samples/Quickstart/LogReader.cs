using System.Text.Json.Serialization;
using IotOps.Aws;

namespace IotOps.Samples.Quickstart;

/// <summary>Reads a log stream back, page by page, as any client of CloudWatch Logs does.</summary>
internal static class LogReader
{
    public static async Task<IReadOnlyList<string>> ReadAsync(AwsClient client, string group, string stream, CancellationToken cancellationToken)
    {
        List<string> messages = [];
        string? token = null;
        while (true)
        {
            EventPage page = await client.CallAsync(
                "Logs_20140328.GetLogEvents",
                new EventQuery(group, stream, StartFromHead: true, token),
                LogReaderJson.Default.EventQuery,
                LogReaderJson.Default.EventPage,
                cancellationToken);
            messages.AddRange(page.Events.Select(e => e.Message));

            // The service says that it is at the end by handing back the token that it was given.
            if (page.NextForwardToken == token)
            {
                return messages;
            }

            token = page.NextForwardToken;
        }
    }
}

internal sealed record EventQuery(string LogGroupName, string LogStreamName, bool StartFromHead, string? NextToken);

internal sealed record EventPage(IReadOnlyList<EventEntry> Events, string? NextForwardToken);

internal sealed record EventEntry(string Message);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EventQuery))]
[JsonSerializable(typeof(EventPage))]
internal sealed partial class LogReaderJson : JsonSerializerContext;
