namespace IotOps.Emulator.Batch;

/// <summary>Which jobs ListJobs asks for: of a queue or an array, by status, or by name whatever the status.</summary>
internal static class BatchListFilter
{
    public static Func<BatchJob, bool> Read(BatchInput input)
    {
        string? queue = input.Text("jobQueue") is { } name ? BatchStore.NameOf(name) : null;
        string? array = input.Text("arrayJobId");
        if (queue is null == array is null)
        {
            throw BatchInput.Invalid("Exactly one of jobQueue, arrayJobId and multiNodeJobId must be given.");
        }

        List<string> patterns = [];
        foreach (System.Text.Json.JsonElement element in input.Array("filters"))
        {
            var filter = new BatchInput(element);
            if (filter.Required("name") != "JOB_NAME")
            {
                throw BatchInput.Invalid("The emulator's ListJobs filters by JOB_NAME alone.");
            }

            patterns.AddRange(filter.Texts("values") ?? []);
        }

        // With a filter the status is ignored, without one it is RUNNING unless said otherwise.
        string status = input.Text("jobStatus") ?? "RUNNING";
        return job =>
            (array is null ? job.Queue == queue && job.Parent is null : job.Parent?.Id == array)
            && (patterns.Count > 0 ? patterns.Exists(pattern => Matches(job.Name, pattern)) : BatchAnswers.StatusOf(job.Status) == status);
    }

    private static bool Matches(string name, string pattern) =>
        pattern.EndsWith('*') ? name.StartsWith(pattern[..^1], StringComparison.OrdinalIgnoreCase) : name.Equals(pattern, StringComparison.OrdinalIgnoreCase);
}
