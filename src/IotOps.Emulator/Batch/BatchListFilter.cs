using System.Text.Json;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.Batch;

/// <summary>Which jobs ListJobs asks for: of a queue or an array, by status, or by name whatever the status.</summary>
internal static class BatchListFilter
{
    /// <exception cref="Refusal">It asks for what Batch does not have, or the emulator.</exception>
    public static Func<BatchJob, bool> Read(BatchInput input, BatchRegistry registry, string region)
    {
        input.RefuseAllBut("jobQueue", "arrayJobId", "jobStatus", "maxResults", "nextToken", "filters");
        string? queue = input.Text("jobQueue") is { } name ? registry.QueueName(name, region) : null;
        string? array = input.Text("arrayJobId");
        if (queue is null == array is null)
        {
            throw BatchInput.Invalid("Exactly one of jobQueue, arrayJobId and multiNodeJobId must be given.");
        }

        List<string> patterns = ReadPatterns(input);

        // With a filter the status is ignored, without one it is RUNNING unless said otherwise.
        string status = input.Text("jobStatus") ?? "RUNNING";
        if (!Enum.GetValues<BatchJobStatus>().Any(one => BatchAnswers.StatusOf(one) == status))
        {
            throw BatchInput.Invalid($"jobStatus is {status}; it is {string.Join(", ", Enum.GetValues<BatchJobStatus>().Select(BatchAnswers.StatusOf))}.");
        }

        return job =>
            (array is null ? job.Queue == queue && job.Parent is null : job.Parent?.Id == array)
            && (patterns.Count > 0 ? patterns.Exists(pattern => Matches(job.Name, pattern)) : BatchAnswers.StatusOf(job.Status) == status);
    }

    /// <summary>Jobs on a page at most: fewer with a filter.</summary>
    public static int MostOf(BatchInput input) => input.Array("filters").Any() ? 100 : 1_000;

    private static List<string> ReadPatterns(BatchInput input)
    {
        List<string> patterns = [];
        int filters = 0;
        foreach (JsonElement element in input.Array("filters"))
        {
            var filter = new BatchInput(element);
            filter.RefuseAllBut("name", "values");
            if (++filters > 1)
            {
                throw BatchInput.Invalid("Only one filter can be used at a time.");
            }

            if (filter.Required("name") != "JOB_NAME")
            {
                throw BatchInput.Invalid("The emulator's ListJobs filters by JOB_NAME alone.");
            }

            patterns.AddRange(filter.Texts("values") ?? []);
        }

        return patterns;
    }

    private static bool Matches(string name, string pattern) =>
        pattern.EndsWith('*') ? name.StartsWith(pattern[..^1], StringComparison.OrdinalIgnoreCase) : name.Equals(pattern, StringComparison.OrdinalIgnoreCase);
}
