namespace IotOps.Logs.Sending;

/// <summary>What became of a batch in one attempt.</summary>
internal enum SendOutcome
{
    /// <summary>Every event is settled and the checkpoint was told.</summary>
    Done,

    /// <summary>It is in the spool now.</summary>
    Spilled,

    /// <summary>It stays: the service refused it or was out of reach.</summary>
    Refused,

    /// <summary>It stays: there was no memory to load it, or no room to spill it.</summary>
    NoRoom,

    /// <summary>The shipper stops.</summary>
    Cancelled,
}
