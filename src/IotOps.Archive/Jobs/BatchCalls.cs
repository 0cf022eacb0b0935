using System.Globalization;
using System.Text.Json;
using IotOps.Aws;

namespace IotOps.Archive.Jobs;

/// <summary>The requests of AWS Batch's REST-JSON protocol.</summary>
internal static class BatchCalls
{
    public static AwsRequest Submit(BatchExportJobsOptions options, string name, LogExportRequest request) => Post("SubmitJob", json =>
    {
        json.WriteString("jobName"u8, name);
        json.WriteString("jobQueue"u8, options.JobQueue);
        json.WriteString("jobDefinition"u8, options.JobDefinition);
        json.WriteStartObject("parameters"u8);
        json.WriteString("Identifier"u8, JobCommand.Identifiers(request));
        json.WriteString("Category"u8, string.Join(',', request.Categories));
        json.WriteString("Date"u8, Dates(request));
        json.WriteString("Request"u8, name);
        json.WriteEndObject();
        if (JobCommand.Of(name, request, Dates(request)) is { } command)
        {
            json.WriteStartObject("containerOverrides"u8);
            json.WriteStartArray("command"u8);
            foreach (string word in command)
            {
                json.WriteStringValue(word);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }
    });

    public static AwsRequest List(BatchExportJobsOptions options, string name) => Post("ListJobs", json =>
    {
        json.WriteString("jobQueue"u8, options.JobQueue);
        json.WriteStartArray("filters"u8);
        json.WriteStartObject();
        json.WriteString("name"u8, "JOB_NAME"u8);
        json.WriteStartArray("values"u8);
        json.WriteStringValue(name);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
    });

    public static AwsRequest Terminate(string jobId, string reason) => Post("TerminateJob", json =>
    {
        json.WriteString("jobId"u8, jobId);
        json.WriteString("reason"u8, reason);
    });

    private static string Dates(LogExportRequest request) => request.LastDate is { } last && last != request.Date
        ? string.Create(CultureInfo.InvariantCulture, $"{request.Date:yyyy'/'MM'/'dd}..{last:yyyy'/'MM'/'dd}")
        : request.Date.ToString("yyyy'/'MM'/'dd", CultureInfo.InvariantCulture);

    private static AwsRequest Post(string operation, Action<Utf8JsonWriter> members) =>
        AwsRequest.RestJson(operation, $"/v1/{operation.ToLowerInvariant()}", members);
}
