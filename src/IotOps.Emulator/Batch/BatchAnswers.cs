using System.Text.Json;

namespace IotOps.Emulator.Batch;

/// <summary>Writes jobs as the API shows them.</summary>
internal sealed class BatchAnswers(string accountId)
{
    public static string StatusOf(BatchJobStatus status) => status.ToString().ToUpperInvariant();

    public string Arn(BatchJob job, string kind, string name) => $"arn:aws:batch:{job.Region}:{accountId}:{kind}/{name}";

    /// <summary>Writes a map of texts.</summary>
    public static void Write(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, string> map)
    {
        json.WriteStartObject(name);
        foreach ((string key, string value) in map)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }

    public void WriteSubmitted(Utf8JsonWriter json, BatchJob job)
    {
        json.WriteString("jobArn"u8, Arn(job, "job", job.Id));
        json.WriteString("jobName"u8, job.Name);
        json.WriteString("jobId"u8, job.Id);
    }

    public void WriteSummary(Utf8JsonWriter json, BatchJob job)
    {
        json.WriteStartObject();
        WriteHead(json, job);
        json.WriteString("jobDefinition"u8, Arn(job, "job-definition", job.DefinitionName));
        if (job.Attempts.Count > 0)
        {
            json.WriteStartObject("container"u8);
            WriteExit(json, job.Attempts[^1]);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    public void WriteDetail(Utf8JsonWriter json, BatchJob job)
    {
        json.WriteStartObject();
        WriteHead(json, job);
        json.WriteString("jobQueue"u8, Arn(job, "job-queue", job.Queue));
        json.WriteString("jobDefinition"u8, Arn(job, "job-definition", job.DefinitionName));
        Write(json, "parameters", job.Parameters);
        Write(json, "tags", job.Tags);
        json.WriteBoolean("propagateTags"u8, job.PropagatesTags);
        json.WriteBoolean("isCancelled"u8, job.IsCancelled);
        json.WriteBoolean("isTerminated"u8, job.IsTerminated);
        json.WriteStartArray("dependsOn"u8);
        foreach (string other in job.DependsOn)
        {
            json.WriteStartObject();
            json.WriteString("jobId"u8, other);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        job.Retry.Write(json);
        if (job.AttemptDuration is { } duration)
        {
            json.WriteStartObject("timeout"u8);
            json.WriteNumber("attemptDurationSeconds"u8, (int)duration.TotalSeconds);
            json.WriteEndObject();
        }

        WriteContainer(json, job);
        WriteAttempts(json, job);
        json.WriteEndObject();
    }

    private void WriteHead(Utf8JsonWriter json, BatchJob job)
    {
        WriteSubmitted(json, job);
        json.WriteString("status"u8, StatusOf(job.Status));
        if (job.StatusReason is { } reason)
        {
            json.WriteString("statusReason"u8, reason);
        }

        json.WriteNumber("createdAt"u8, job.CreatedAt.ToUnixTimeMilliseconds());
        if (job.StartedAt is { } started)
        {
            json.WriteNumber("startedAt"u8, started.ToUnixTimeMilliseconds());
        }

        if (job.StoppedAt is { } stopped)
        {
            json.WriteNumber("stoppedAt"u8, stopped.ToUnixTimeMilliseconds());
        }

        if (job.ArrayIndex is { } index)
        {
            json.WriteStartObject("arrayProperties"u8);
            json.WriteNumber("index"u8, index);
            json.WriteEndObject();
        }
        else if (job.Children.Count > 0)
        {
            json.WriteStartObject("arrayProperties"u8);
            json.WriteNumber("size"u8, job.Children.Count);
            json.WriteStartObject("statusSummary"u8);
            foreach (IGrouping<BatchJobStatus, BatchJob> group in job.Children.GroupBy(c => c.Status))
            {
                json.WriteNumber(StatusOf(group.Key), group.Count());
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }
    }

    private static void WriteContainer(Utf8JsonWriter json, BatchJob job)
    {
        json.WriteStartObject("container"u8);
        json.WriteStartArray("command"u8);
        foreach (string word in job.Command)
        {
            json.WriteStringValue(word);
        }

        json.WriteEndArray();
        json.WriteStartArray("environment"u8);
        foreach ((string name, string value) in job.Environment)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, name);
            json.WriteString("value"u8, value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("resourceRequirements"u8);
        foreach ((string type, string value) in job.Resources)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, type);
            json.WriteString("value"u8, value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (job.Attempts.Count > 0)
        {
            WriteExit(json, job.Attempts[^1]);
        }

        json.WriteEndObject();
    }

    private static void WriteAttempts(Utf8JsonWriter json, BatchJob job)
    {
        json.WriteStartArray("attempts"u8);
        foreach (BatchAttempt attempt in job.Attempts)
        {
            if (attempt.StoppedAt is { } stopped)
            {
                json.WriteStartObject();
                json.WriteStartObject("container"u8);
                WriteExit(json, attempt);
                json.WriteEndObject();
                json.WriteNumber("startedAt"u8, attempt.StartedAt.ToUnixTimeMilliseconds());
                json.WriteNumber("stoppedAt"u8, stopped.ToUnixTimeMilliseconds());
                if (attempt.StatusReason is { } reason)
                {
                    json.WriteString("statusReason"u8, reason);
                }

                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
    }

    private static void WriteExit(Utf8JsonWriter json, BatchAttempt attempt)
    {
        if (attempt.ExitCode is { } code)
        {
            json.WriteNumber("exitCode"u8, code);
        }

        if (attempt.Reason is { } reason)
        {
            json.WriteString("reason"u8, reason);
        }
    }
}
