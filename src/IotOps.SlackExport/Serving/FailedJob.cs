namespace IotOps.SlackExport.Serving;

/// <summary>A job of AWS Batch that will not be tried again.</summary>
/// <param name="Id">Its id at Batch.</param>
/// <param name="Name">Its name, which is the id of the request.</param>
/// <param name="Why">What Batch and the container service say of it, for the log: it may name accounts and roles.</param>
/// <param name="ExitCode">How the process of the last attempt ended; null when none ran, or nobody knows.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="HasRun">Whether a process of any attempt may have run, and posted.</param>
internal sealed record FailedJob(string Id, string Name, string Why, int? ExitCode, int Attempts, bool HasRun)
{
    // A process that is killed ends with 128 + the signal's number.
    private const int Killed = 137;

    /// <summary>Whether the job told its user in Slack before it ended.</summary>
    public bool HasPosted => ExitCode == SlackExportJob.PostedFailureExitCode;

    /// <summary>Why it failed, for its user.</summary>
    public string Reason => this switch
    {
        _ when Says("CannotPull") => "The job could not start: its container image could not be fetched.",
        _ when Says("ResourceInitializationError") => "The job could not start: AWS could not set up its container.",
        _ when Says("OutOfMemory") => "The job was ended because it needed more memory than it has.",
        _ when Says("timeout") => "The job was ended because it took longer than it may.",
        _ when Says("Spot") => $"AWS took the job's machine back, {Times}.",
        { ExitCode: null } => "The job could not start.",
        { ExitCode: Killed } => "The job was killed, as it is when it needs more memory than it has.",
        { ExitCode: { } code } => $"The job ended with exit code {code}, and could not say why itself.",
    };

    private string Times => Attempts == 1 ? "once" : $"{Attempts} times";

    private bool Says(string word) => Why.Contains(word, StringComparison.OrdinalIgnoreCase);
}
