using IotOps.Samples.CommandLine;

namespace IotOps.Samples.LogExport.Configuration;

/// <summary>Options as a job definition of AWS Batch passes them: a parameter that was not given is an empty word.</summary>
internal static class GivenOptions
{
    /// <summary>The option's value; null when it was not given, or is empty.</summary>
    public static string? Given(this CommandArguments arguments, string name) => arguments[name] is { Length: > 0 } value ? value : null;
}
