using System.Text.Json;
using IotOps.Aws;

namespace IotOps.Archive.Jobs;

/// <summary>Reads what AWS Batch answers; members that nobody asked for are passed over.</summary>
internal static class BatchAnswers
{
    /// <exception cref="AwsException">The answer is none of SubmitJob's.</exception>
    public static string JobId(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            reader.Read();
            return Job(ref reader).Id is { Length: > 0 } id ? id : throw Unreadable("SubmitJob", null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Unreadable("SubmitJob", e);
        }
    }

    /// <exception cref="AwsException">The answer is no list of jobs.</exception>
    public static List<ExportJob> Jobs(ReadOnlySpan<byte> body)
    {
        List<ExportJob> jobs = [];
        try
        {
            var reader = new Utf8JsonReader(body);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool wanted = reader.ValueTextEquals("jobSummaryList"u8);
                reader.Read();
                if (!wanted)
                {
                    reader.Skip();
                    continue;
                }

                while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
                {
                    jobs.Add(Job(ref reader));
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Unreadable("ListJobs", e);
        }

        return jobs;
    }

    // Enters at the object's start and leaves at its end.
    private static ExportJob Job(ref Utf8JsonReader reader)
    {
        string id = "";
        string name = "";
        string? status = null;
        string? reason = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isId = reader.ValueTextEquals("jobId"u8);
            bool isName = reader.ValueTextEquals("jobName"u8);
            bool isStatus = reader.ValueTextEquals("status"u8);
            bool isReason = reader.ValueTextEquals("statusReason"u8);
            reader.Read();
            if (isId)
            {
                id = reader.GetString() ?? "";
            }
            else if (isName)
            {
                name = reader.GetString() ?? "";
            }
            else if (isStatus)
            {
                status = reader.GetString();
            }
            else if (isReason)
            {
                reason = reader.GetString();
            }
            else
            {
                reader.Skip();
            }
        }

        return new ExportJob(id, name, Status(status)) { Reason = reason };
    }

    private static ExportJobStatus Status(string? status) => status switch
    {
        "RUNNING" => ExportJobStatus.Running,
        "SUCCEEDED" => ExportJobStatus.Succeeded,
        "FAILED" => ExportJobStatus.Failed,
        // SUBMITTED, PENDING, RUNNABLE, STARTING, and whatever AWS may put before RUNNING.
        _ => ExportJobStatus.Waiting,
    };

    private static AwsException Unreadable(string operation, Exception? cause) =>
        new($"AWS Batch answered {operation} with something that is not its JSON; is the endpoint AWS Batch's?", cause)
        {
            Service = AwsService.Batch.SigningName,
            Operation = operation,
            Code = "InvalidAnswer",
        };
}
