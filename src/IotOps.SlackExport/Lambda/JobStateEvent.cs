using System.Text.Json;
using IotOps.SlackExport.Serving;

namespace IotOps.SlackExport.Lambda;

/// <summary>
/// EventBridge's <em>Batch Job State Change</em>, which a rule of the stack sends to the function. It comes by Lambda's own invocation: a Function
/// URL wraps whatever its caller sends. See <see href="https://docs.aws.amazon.com/batch/latest/userguide/batch_cwe_events.html"/>.
/// </summary>
internal static class JobStateEvent
{
    private const int MostDepth = 32;

    /// <summary>Whether the event is about a job; the job when it has failed for good, null for any other state.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> json, out FailedJob? job)
    {
        job = null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MostDepth });
            JsonElement root = document.RootElement;
            if (Text(root, "source") != "aws.batch" || Text(root, "detail-type") != "Batch Job State Change" || !TryMember(root, "detail", JsonValueKind.Object, out JsonElement detail))
            {
                return false;
            }

            if (Text(detail, "status") == "FAILED" && Text(detail, "jobId") is { } id && Text(detail, "jobName") is { } name)
            {
                job = Read(id, name, detail);
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static FailedJob Read(string id, string name, JsonElement detail)
    {
        JsonElement[] attempts = TryMember(detail, "attempts", JsonValueKind.Array, out JsonElement all) ? [.. all.EnumerateArray()] : [];
        JsonElement last = attempts is [.., JsonElement end] && TryMember(end, "container", JsonValueKind.Object, out JsonElement container) ? container : default;
        string?[] why = [Text(detail, "statusReason"), Text(last, "reason")];
        return new FailedJob(
            id, name, string.Join("; ", why.OfType<string>().Distinct(StringComparer.Ordinal)), ExitCode(last), attempts.Length, HasRun: Array.Exists(attempts, HasRun));
    }

    // An interrupted one has no exit code.
    private static bool HasRun(JsonElement attempt) =>
        (TryMember(attempt, "container", JsonValueKind.Object, out JsonElement container) && ExitCode(container) is not null)
        || Text(attempt, "statusReason")?.Contains("interrupted", StringComparison.OrdinalIgnoreCase) == true;

    private static int? ExitCode(JsonElement container) =>
        TryMember(container, "exitCode", JsonValueKind.Number, out JsonElement code) && code.TryGetInt32(out int value) ? value : null;

    private static string? Text(JsonElement parent, string name) => TryMember(parent, name, JsonValueKind.String, out JsonElement value) ? value.GetString() : null;

    private static bool TryMember(JsonElement parent, string name, JsonValueKind kind, out JsonElement value)
    {
        value = default;
        return parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out value) && value.ValueKind == kind;
    }
}
