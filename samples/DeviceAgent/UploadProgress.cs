using IotOps.Logs;

namespace IotOps.Samples.DeviceAgent;

/// <summary>One line on a terminal that counts up.</summary>
internal sealed class UploadProgress : IProgress<S3UploaderProgress>
{
    private UploadProgress()
    {
    }

    /// <summary>Null when the output is not a terminal: a log file wants no moving line.</summary>
    public static UploadProgress? OnTerminal() => Console.IsErrorRedirected ? null : new UploadProgress();

    public void Report(S3UploaderProgress value) =>
        Console.Error.Write($"\r{value.SentBytes / 1e6:N1} of {value.TotalBytes / 1e6:N1} MB {(value.SentBytes == value.TotalBytes ? "\n" : "")}");
}
