namespace IotOps.Logs.Sending;

/// <summary>The service's clock at one moment.</summary>
/// <param name="Now">Milliseconds since 1970.</param>
/// <param name="Skew">Milliseconds to add to the device's clock.</param>
/// <param name="Known">False before the service answered, and after the device's clock jumped: then nothing is judged by it.</param>
/// <param name="Offset">Milliseconds that the device's wall clock is ahead of its monotonic clock.</param>
internal readonly record struct ServiceTime(long Now, long Skew, bool Known, long Offset = 0);
