namespace IotOps.Logs;

/// <summary>How far an upload is.</summary>
/// <param name="SentBytes">Bytes of the file sent.</param>
/// <param name="TotalBytes">Length of the file.</param>
public readonly record struct S3UploaderProgress(long SentBytes, long TotalBytes);
