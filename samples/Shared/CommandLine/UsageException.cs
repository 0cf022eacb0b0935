namespace IotOps.Samples.CommandLine;

/// <summary>The command line cannot be used; the message is one line that says what to type instead. Exit code 2.</summary>
public sealed class UsageException(string message) : Exception(message);
