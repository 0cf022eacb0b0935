using System.IO.Abstractions;
using IotOps.Mqtt;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Shadow;

/// <summary>Which shadows a <see cref="ShadowCache"/> keeps, how, and when it talks to the cloud.</summary>
public sealed record ShadowCacheOptions
{
    /// <summary>The device's connection; it stays the caller's, who connects, reconnects and disposes it.</summary>
    public required IMqttConnection Connection { get; init; }

    /// <summary>The thing, 1-128 of letters, digits, <c>:</c>, <c>_</c> and <c>-</c>.</summary>
    public required string ThingName { get; init; }

    /// <summary>
    /// Directory of the stored state. One running cache a directory; made when missing, for its owner alone, as are the files in it.
    /// </summary>
    public required string StateDirectory { get; init; }

    /// <summary>
    /// The shadows to keep; the classic one by default. Up to 10 are subscribed by 5 exact topic filters each; more than 10 share 5 filters
    /// <c>$aws/things/{thing}/shadow/name/+/...</c>, because AWS IoT Core allows 50 filters a connection: the policy must allow those.
    /// </summary>
    public IReadOnlyList<ShadowId> Shadows { get; init; } = [ShadowId.Classic];

    /// <summary>When state is exchanged.</summary>
    public ShadowSync Sync { get; init; } = ShadowSync.Realtime;

    /// <summary>Which way state flows. <see cref="ShadowDirection.Both"/> by default.</summary>
    public ShadowDirection Direction { get; init; }

    /// <summary>What an edit has outlived when its call returns. <see cref="ShadowDurability.Flushed"/> by default.</summary>
    public ShadowDurability Durability { get; init; }

    /// <summary>Decides a desired field that both sides changed.</summary>
    public ShadowConflictResolver DesiredConflicts { get; init; } = ShadowConflicts.CloudWins;

    /// <summary>Decides a reported field that both sides changed.</summary>
    public ShadowConflictResolver ReportedConflicts { get; init; } = ShadowConflicts.DeviceWins;

    /// <summary>
    /// Levels of names below a section; 1-60. AWS's pages disagree between 6 and 8: the service has the last word. When it rejects an update with
    /// 400 and names a maximum, that holds for the shadow until the process ends.
    /// </summary>
    public int MaxDepth { get; init; } = 8;

    /// <summary>Bytes of desired and reported together, as JSON without spaces; 8,192 by default, up to 30,720 where AWS has raised the quota.</summary>
    public int MaxBytes { get; init; } = 8192;

    /// <summary>How long the service may take to answer a request before its outcome is read back; AWS answers within a second. 10 s by default.</summary>
    public TimeSpan ReplyTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Encrypts what is stored with AES-GCM; 16, 24 or 32 bytes, kept by the host outside of <see cref="StateDirectory"/>. Empty stores it
    /// readable, as <c>shadow.json</c>. State stored with a key opens with that key and <see cref="ThingName"/> alone, and with a key no readable
    /// state is taken: whoever can write the directory but has no key cannot make up state.
    /// </summary>
    public ReadOnlyMemory<byte> EncryptionKey { get; init; }

    /// <summary>
    /// Takes readable state once and encrypts it, when <see cref="EncryptionKey"/> is added to a device that has some. Set it for the one
    /// start that migrates, and remove it: while it is set, whoever can empty the directory can put readable state there. Where encrypted
    /// state is, readable state is never taken.
    /// </summary>
    public bool MigratePlainState { get; init; }

    /// <summary>
    /// The <see cref="ShadowCache.StateRevision"/> that the host kept outside of <see cref="StateDirectory"/>, such as in a TPM's counter; 0, the
    /// default, keeps none. Older state is then refused: encryption alone cannot tell yesterday's copy of the files from today's. Worth
    /// something with an <see cref="EncryptionKey"/> only.
    /// </summary>
    public long MinStateRevision { get; init; }

    /// <summary>Where state is kept; tests put faults in here.</summary>
    public IFileSystem FileSystem { get; init; } = new FileSystem();

    /// <summary>Clock of waits, time-outs and rates.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where the cache logs; never state, never keys.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;
}
