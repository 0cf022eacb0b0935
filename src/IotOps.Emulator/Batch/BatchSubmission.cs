using System.Text.Json;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.Batch;

/// <summary>What SubmitJob was asked for.</summary>
internal sealed record BatchSubmission
{
    public required string JobName { get; init; }

    public required string JobQueue { get; init; }

    public required string JobDefinition { get; init; }

    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    public IReadOnlyList<string>? Command { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public int? ArraySize { get; init; }

    public int? Attempts { get; init; }

    public int? AttemptSeconds { get; init; }

    /// <exception cref="Refusal">A member is missing, of another type or out of range, or asks for what the emulator does not have.</exception>
    public static BatchSubmission Read(BatchInput input)
    {
        input.RefuseAllBut("jobName", "jobQueue", "jobDefinition", "parameters", "containerOverrides", "arrayProperties", "retryStrategy", "timeout");
        string name = input.Required("jobName");
        if (name.Length > 128 || !char.IsAsciiLetterOrDigit(name[0]) || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            throw BatchInput.Invalid("Error executing request, Exception : Job name should match valid pattern, up to 128 letters, numbers, hyphens and underscores, the first of them a letter or number.");
        }

        BatchInput overrides = input.Object("containerOverrides");
        overrides.RefuseAllBut("command", "environment");
        return new BatchSubmission
        {
            JobName = name,
            JobQueue = input.Required("jobQueue"),
            JobDefinition = input.Required("jobDefinition"),
            Parameters = input.Map("parameters"),
            Command = overrides.Texts("command"),
            Environment = ReadEnvironment(overrides),
            ArraySize = Between(input.ObjectOf("arrayProperties", "size").Number("size"), 2, 10_000, "arrayProperties.size"),
            Attempts = Between(input.ObjectOf("retryStrategy", "attempts").Number("attempts"), 1, 10, "retryStrategy.attempts"),
            AttemptSeconds = Between(input.ObjectOf("timeout", "attemptDurationSeconds").Number("attemptDurationSeconds"), 60, int.MaxValue, "timeout.attemptDurationSeconds"),
        };
    }

    private static Dictionary<string, string> ReadEnvironment(BatchInput overrides)
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

    private static int? Between(int? value, int low, int high, string name) =>
        value is null || (value >= low && value <= high)
            ? value
            : throw BatchInput.Invalid($"{name} is {value}; it must be at least {low}{(high == int.MaxValue ? "" : $" and at most {high}")}.");
}
