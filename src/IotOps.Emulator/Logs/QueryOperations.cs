using System.Text.Json;
using IotOps.Emulator.Http;
using IotOps.Emulator.Logs.Queries;

namespace IotOps.Emulator.Logs;

/// <summary>
/// StartQuery, GetQueryResults, StopQuery and DescribeQueries. A query runs at its start, over what is there then.
/// See https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html.
/// </summary>
internal sealed class QueryOperations(LogStore store)
{
    private const int MaxRows = 100_000;
    private const int MaxId = 256;
    private const int MaxPage = 1_000;
    private const string Language = "CWLI";

    private static readonly string[] Statuses = ["Scheduled", "Running", "Complete", "Failed", "Cancelled", "Timeout", "Unknown"];

    private readonly LogQueries _queries = new();

    public void Start(JsonInput input, Utf8JsonWriter output)
    {
        CheckLanguage(input, "StartQuery");
        LogGroup[] groups = QueryInput.Groups(input, store);
        (long start, long end) = QueryInput.Period(input);
        string text = QueryInput.Text(input);
        int? limit = input.Number("limit") is { } rows ? Constraint.Limit(rows, MaxRows) : null;
        QueryResult result = QueryPlan.Parse(text).Run(QueryInput.Events(groups, start, end, store.Options.AccountId), limit);
        var query = new LogQuery(Guid.NewGuid().ToString(), text, [.. groups.Select(static group => group.Name)], store.Now, result);
        _queries.Add(query);
        output.WriteStartObject();
        output.WriteString("queryId"u8, query.Id);
        output.WriteEndObject();
    }

    public void Results(JsonInput input, Utf8JsonWriter output)
    {
        LogQuery query = Query(input);
        string status = query.Poll();
        QueryResult? found = status == "Complete" ? query.Result : null;
        output.WriteStartObject();
        output.WriteString("queryLanguage"u8, Language);
        output.WriteStartArray("results"u8);
        foreach (IReadOnlyList<(string Field, string Value)> row in found?.Rows ?? [])
        {
            output.WriteStartArray();
            foreach ((string field, string value) in row)
            {
                output.WriteStartObject();
                output.WriteString("field"u8, field);
                output.WriteString("value"u8, value);
                output.WriteEndObject();
            }

            output.WriteEndArray();
        }

        output.WriteEndArray();
        output.WriteStartObject("statistics"u8);
        output.WriteNumber("recordsMatched"u8, (double)(found?.Matched ?? 0));
        output.WriteNumber("recordsScanned"u8, (double)(found?.Scanned ?? 0));
        output.WriteNumber("estimatedRecordsSkipped"u8, 0.0);
        output.WriteNumber("bytesScanned"u8, (double)(found?.Bytes ?? 0));
        output.WriteNumber("estimatedBytesSkipped"u8, 0.0);
        output.WriteNumber("logGroupsScanned"u8, found is null ? 0.0 : query.Groups.Count);
        output.WriteEndObject();
        output.WriteString("status"u8, status);
        output.WriteEndObject();
    }

    public void Stop(JsonInput input, Utf8JsonWriter output)
    {
        LogQuery query = Query(input);
        if (!query.TryCancel())
        {
            throw new Refusal(400, "InvalidParameterException", $"Query {query.Id} has ended and cannot be stopped.");
        }

        output.WriteStartObject();
        output.WriteBoolean("success"u8, true);
        output.WriteEndObject();
    }

    public void Describe(JsonInput input, Utf8JsonWriter output)
    {
        CheckLanguage(input, "DescribeQueries");
        string? group = input.Text("logGroupName") is { } name ? store.Group(Constraint.GroupName(name)).Name : null;
        string? status = Constraint.Word(input, "status", Statuses);
        LogQuery[] found =
            [.. _queries.All().Where(query => (group is null || query.Groups.Contains(group, StringComparer.Ordinal)) && (status is null || query.Status == status))];
        Page<LogQuery> page = Page<LogQuery>.Of(found, input.Text("nextToken"), Constraint.Limit(input.Number("maxResults"), MaxPage, "maxResults"));
        output.WriteStartObject();
        output.WriteStartArray("queries"u8);
        foreach (LogQuery query in page.Items)
        {
            output.WriteStartObject();
            output.WriteString("queryLanguage"u8, Language);
            output.WriteString("queryId"u8, query.Id);
            output.WriteString("queryString"u8, query.Text);
            output.WriteString("status"u8, query.Status);
            output.WriteNumber("createTime"u8, query.CreatedAt);
            output.WriteString("logGroupName"u8, query.Groups[0]);
            output.WriteEndObject();
        }

        output.WriteEndArray();
        page.WriteToken(output);
        output.WriteEndObject();
    }

    private static void CheckLanguage(JsonInput input, string operation)
    {
        if (Constraint.Word(input, "queryLanguage", Language, "SQL", "PPL") is { } word && word != Language)
        {
            throw Refusal.NotImplemented($"The emulator's {operation} has no queryLanguage {word}.");
        }
    }

    private LogQuery Query(JsonInput input)
    {
        string id = Constraint.Length(input.Text("queryId"), "queryId", MaxId);
        return _queries.Find(id) ?? throw new Refusal(400, "ResourceNotFoundException", $"Query {id} does not exist.");
    }
}
