namespace IotOps.Shadow;

/// <summary>Says which option is out of range, and what it may be.</summary>
internal static class ShadowCacheOptionsCheck
{
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static void Check(ShadowCacheOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Require(options, options.Connection is not null, "Connection is null; give the device's MQTT connection.");
        Require(options, ShadowId.IsThingName(options.ThingName), $"ThingName is '{options.ThingName}'; it is 1-128 of a-z A-Z 0-9 : _ -");
        Require(options, !string.IsNullOrWhiteSpace(options.StateDirectory), "StateDirectory is empty; name a directory that stays over restarts, such as ./shadow.");
        Require(options, options.Shadows.Count > 0, "Shadows is empty; name at least one, such as ShadowId.Classic.");
        Require(options, options.MaxDepth is >= 1 and <= 60, $"MaxDepth is {options.MaxDepth}; it is 1 to 60.");
        Require(options, options.MaxBytes is >= 64 and <= 30_720, $"MaxBytes is {options.MaxBytes}; it is 64 to 30,720, which is as far as AWS raises the quota.");
        Require(options, options.ReplyTimeout >= TimeSpan.FromMilliseconds(100), $"ReplyTimeout is {options.ReplyTimeout}; it is at least 100 ms.");
        Require(
            options,
            options.EncryptionKey.Length is 0 or 16 or 24 or 32,
            $"EncryptionKey has {options.EncryptionKey.Length} bytes; AES takes 16, 24 or 32, and none stores in the clear.");
        Require(options, options.MinStateRevision >= 0, $"MinStateRevision is {options.MinStateRevision}; it is a StateRevision, or 0 for none.");
        Require(options, !options.MigratePlainState || !options.EncryptionKey.IsEmpty, "MigratePlainState is set without an EncryptionKey to encrypt with.");
        var seen = new HashSet<ShadowId>();
        foreach (ShadowId id in options.Shadows)
        {
            Require(options, seen.Add(id), $"Shadows names {id} twice; each shadow has one cache.");
        }
    }

    private static void Require(ShadowCacheOptions options, bool holds, string message)
    {
        if (!holds)
        {
            throw new ArgumentException(message, nameof(options));
        }
    }
}
