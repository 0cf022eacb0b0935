using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using IotOps.Aws;
using IotOps.Fleet.Findings;

namespace IotOps.Fleet;

/// <summary>
/// The findings of audits, which the service keeps for 90 days. Needs <c>iot:ListAuditFindings</c>. See
/// https://docs.aws.amazon.com/iot/latest/apireference/API_ListAuditFindings.html.
/// </summary>
/// <param name="client">A client of <see cref="AwsService.Iot"/>; stays the caller's.</param>
public sealed class AuditFindings(AwsClient client)
{
    private const int PageSize = 250;

    /// <summary>The findings of an audit, page after page.</summary>
    /// <param name="taskId">The audit, as <see cref="AuditNotification.TaskId"/> names it.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="AwsException">The service refused.</exception>
    public IAsyncEnumerable<AuditFinding> OfTaskAsync(string taskId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(taskId);
        return PagesAsync(json => json.WriteString("taskId"u8, taskId), cancellationToken);
    }

    /// <summary>The findings of a range, page after page.</summary>
    /// <param name="since">From there on.</param>
    /// <param name="until">Up to there.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="ArgumentException">The range ends before it begins.</exception>
    /// <exception cref="AwsException">The service refused.</exception>
    public IAsyncEnumerable<AuditFinding> BetweenAsync(DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken = default)
    {
        if (until <= since)
        {
            throw new ArgumentException($"The range ends ({until:u}) before it begins ({since:u}).", nameof(until));
        }

        return PagesAsync(
            json =>
            {
                json.WriteNumber("startTime"u8, since.ToUnixTimeSeconds());
                json.WriteNumber("endTime"u8, until.ToUnixTimeSeconds());
            },
            cancellationToken);
    }

    private async IAsyncEnumerable<AuditFinding> PagesAsync(Action<Utf8JsonWriter> asked, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? token = null;
        do
        {
            AwsRequest request = AwsRequest.RestJson("ListAuditFindings", "/audit/findings", json =>
            {
                asked(json);
                json.WriteNumber("maxResults"u8, PageSize);
                if (token is not null)
                {
                    json.WriteString("nextToken"u8, token);
                }
            });
            AwsResponse response = await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
            JsonElement page = Page(response);
            if (page.TryGetProperty("findings"u8, out JsonElement findings) && findings.ValueKind == JsonValueKind.Array)
            {
                foreach (JsonElement finding in findings.EnumerateArray())
                {
                    yield return FindingReader.Read(finding);
                }
            }

            token = Members.Text(page, "nextToken");
        }
        while (token is not null);
    }

    private static JsonElement Page(AwsResponse response)
    {
        try
        {
            JsonElement page = JsonElement.Parse(response.Body.Span);
            return page.ValueKind == JsonValueKind.Object ? page : throw new JsonException("it is no object");
        }
        catch (JsonException e)
        {
            throw new AwsException("The answer of ListAuditFindings is no JSON object.", e) { Service = "iot", Operation = "ListAuditFindings", Code = "UnreadableAnswer", StatusCode = HttpStatusCode.OK };
        }
    }
}
