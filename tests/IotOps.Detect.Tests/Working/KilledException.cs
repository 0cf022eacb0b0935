namespace IotOps.Detect.Tests.Working;

/// <summary>The process ends here, as by kill -9.</summary>
internal sealed class KilledException : Exception
{
    public KilledException() : base("killed here")
    {
    }
}
