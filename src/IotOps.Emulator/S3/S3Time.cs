namespace IotOps.Emulator.S3;

/// <summary>The form of times in XML.</summary>
internal static class S3Time
{
    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
}
