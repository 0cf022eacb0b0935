namespace IotOps.Emulator.Batch;

/// <summary>Makes a job of a submission and its definition.</summary>
internal static class BatchJobs
{
    private const string Reference = "Ref::";

    public static BatchJob Make(
        BatchSubmission submission, BatchJobDefinition definition, string id, string queue, BatchJob? parent, int? index, string definitionName, string submittedBy, string region, DateTimeOffset now)
    {
        Dictionary<string, string> parameters = Over(definition.Parameters, submission.Parameters);
        Dictionary<string, string> environment = Over(definition.Environment, submission.Environment);
        environment["AWS_BATCH_JOB_ID"] = id;
        environment["AWS_BATCH_JQ_NAME"] = queue;
        environment["AWS_BATCH_CE_NAME"] = "emulator";
        if (index is not null)
        {
            environment["AWS_BATCH_JOB_ARRAY_INDEX"] = index.Value.ToString();
            environment["AWS_BATCH_JOB_ARRAY_SIZE"] = submission.ArraySize!.Value.ToString();
        }

        return new BatchJob
        {
            Id = id,
            Name = submission.JobName,
            Queue = queue,
            DefinitionName = definitionName,
            Definition = definition,
            Parameters = parameters,
            Command = [.. (submission.Command ?? definition.Command).Select(word => Resolve(word, parameters))],
            Environment = environment,
            Retry = submission.Retry ?? new RetryStrategy(definition.Attempts, definition.EvaluateOnExit),
            Tags = submission.Tags,
            PropagatesTags = submission.PropagatesTags,
            Resources = submission.Resources,
            DependsOn = submission.DependsOn,
            AttemptDuration = submission.AttemptSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : definition.AttemptDuration,
            SubmittedBy = submittedBy,
            Region = region,
            CreatedAt = now,
            Parent = parent,
            ArrayIndex = index,
        };
    }

    // Only whole words are documented, so a part of a word is left as it is: who relies on more finds out here.
    private static string Resolve(string word, Dictionary<string, string> parameters) =>
        word.StartsWith(Reference, StringComparison.Ordinal) && parameters.TryGetValue(word[Reference.Length..], out string? value) ? value : word;

    private static Dictionary<string, string> Over(IReadOnlyDictionary<string, string> defaults, IReadOnlyDictionary<string, string> given)
    {
        var both = new Dictionary<string, string>(defaults, StringComparer.Ordinal);
        foreach ((string name, string value) in given)
        {
            both[name] = value;
        }

        return both;
    }
}
