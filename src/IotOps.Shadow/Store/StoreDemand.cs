namespace IotOps.Shadow.Store;

/// <summary>What has to be so before a change counts.</summary>
internal enum StoreDemand
{
    /// <summary>Nothing: what comes from the cloud is read from it again when it is lost.</summary>
    None,

    /// <summary>It is with the operating system.</summary>
    Written,

    /// <summary>It is on the disk.</summary>
    Flushed,
}
