namespace IotOps.Shadow;

/// <summary>What an edit has outlived when its call returns.</summary>
public enum ShadowDurability
{
    /// <summary>It is on the disk (fsync): it survives a power cut. Edits that come together share one flush.</summary>
    Flushed,

    /// <summary>It is with the operating system: it survives the process, kill -9 included, but not a power cut of the last seconds.</summary>
    Written,
}
