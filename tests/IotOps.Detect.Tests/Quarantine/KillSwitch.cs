namespace IotOps.Detect.Tests.Quarantine;

/// <summary>Counts the points of a run at which it can be killed, and kills it at one of them.</summary>
internal sealed class KillSwitch(int? killAt = null)
{
    public int Points { get; private set; }

    public void Pass()
    {
        if (Points++ == killAt)
        {
            throw new KilledException();
        }
    }
}
