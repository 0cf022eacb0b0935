using System.Text.Json;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.Batch;

/// <summary>What SubmitJob was asked for.</summary>
internal sealed record BatchSubmission
{
    private const int MaxDependencies = 20;

    public required string JobName { get; init; }

    public required string JobQueue { get; init; }

    public required string JobDefinition { get; init; }

    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    public IReadOnlyList<string>? Command { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public int? ArraySize { get; init; }

    public RetryStrategy? Retry { get; init; }

    public int? AttemptSeconds { get; init; }

    /// <summary>Ids of the jobs that it waits for.</summary>
    public required IReadOnlyList<string> DependsOn { get; init; }

    public required IReadOnlyDictionary<string, string> Tags { get; init; }

    public bool PropagatesTags { get; init; }

    /// <summary>What it asks of a machine, by type: kept and shown, of no consequence here.</summary>
    public required IReadOnlyDictionary<string, string> Resources { get; init; }

    /// <exception cref="Refusal">A member is missing, of another type or out of range, or asks for what the emulator does not have.</exception>
    public static BatchSubmission Read(BatchInput input)
    {
        input.RefuseAllBut(
            "jobName", "jobQueue", "jobDefinition", "parameters", "containerOverrides", "arrayProperties", "retryStrategy", "timeout", "dependsOn", "tags", "propagateTags");
        string name = input.Required("jobName");
        if (!BatchInput.IsName(name))
        {
            throw BatchInput.Invalid("Error executing request, Exception : Job name should match valid pattern, up to 128 letters, numbers, hyphens and underscores, the first of them a letter or number.");
        }

        BatchInput overrides = input.Object("containerOverrides");
        overrides.RefuseAllBut("command", "environment", "resourceRequirements");
        return new BatchSubmission
        {
            JobName = name,
            JobQueue = input.Required("jobQueue"),
            JobDefinition = input.Required("jobDefinition"),
            Parameters = input.Map("parameters"),
            Command = overrides.Texts("command"),
            Environment = ReadEnvironment(overrides),
            ArraySize = BatchInput.Between(input.ObjectOf("arrayProperties", "size").Number("size"), 2, 10_000, "arrayProperties.size"),
            Retry = RetryStrategy.Read(input),
            DependsOn = ReadDependencies(input),
            Tags = input.Tags(),
            PropagatesTags = input.Flag("propagateTags") ?? false,
            Resources = ReadResources(overrides),
            AttemptSeconds = BatchInput.Between(input.ObjectOf("timeout", "attemptDurationSeconds").Number("attemptDurationSeconds"), 60, int.MaxValue, "timeout.attemptDurationSeconds"),
        };
    }

    /// <summary>Resource requirements of a container, by type.</summary>
    public static Dictionary<string, string> ReadResources(BatchInput container)
    {
        var resources = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (JsonElement element in container.Array("resourceRequirements"))
        {
            var resource = new BatchInput(element);
            resource.RefuseAllBut("type", "value");
            string type = resource.Required("type");
            resources[type is "GPU" or "VCPU" or "MEMORY" ? type : throw BatchInput.Invalid($"resourceRequirements.type is {type}; it is GPU, VCPU or MEMORY.")] = resource.Required("value");
        }

        return resources;
    }

    /// <summary>The variables of a container.</summary>
    public static Dictionary<string, string> ReadEnvironment(BatchInput overrides)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (JsonElement pair in overrides.Array("environment"))
        {
            var member = new BatchInput(pair);
            string name = member.Required("name");
            if (name.StartsWith("AWS_BATCH", StringComparison.Ordinal))
            {
                throw BatchInput.Invalid("Environment variables cannot start with \"AWS_BATCH\".");
            }

            environment[name] = member.Text("value") ?? "";
        }

        return environment;
    }

    private static string[] ReadDependencies(BatchInput input)
    {
        string[] ids = [.. input.Array("dependsOn").Select(element =>
        {
            var dependency = new BatchInput(element);
            dependency.RefuseAllBut("jobId");
            return dependency.Required("jobId");
        })];
        return ids.Length <= MaxDependencies ? ids : throw BatchInput.Invalid($"dependsOn has {ids.Length} jobs; {MaxDependencies} are the most.");
    }
}
