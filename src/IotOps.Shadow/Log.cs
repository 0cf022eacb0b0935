using Microsoft.Extensions.Logging;

namespace IotOps.Shadow;

/// <summary>What this package logs. Never state, never keys.</summary>
internal static partial class Log
{
    [LoggerMessage(600, LogLevel.Error, "Stored shadow state {File} is damaged ({Bytes} bytes): {What}. The damaged file is kept as {KeptAs}")]
    public static partial void StateDamaged(ILogger logger, string file, long bytes, string what, string keptAs);

    [LoggerMessage(601, LogLevel.Error, "The disk refuses shadow state in {Directory}: free space there. Edits fail and change nothing meanwhile; what the cloud says is still followed")]
    public static partial void StoreRefused(ILogger logger, string directory, Exception exception);

    [LoggerMessage(602, LogLevel.Information, "Shadow state in {Directory} can be stored again")]
    public static partial void StoreRecovered(ILogger logger, string directory);

    [LoggerMessage(603, LogLevel.Warning, "The shadow service did not answer the {Operation} of shadow {Shadow}: its outcome is read back")]
    public static partial void NoAnswer(ILogger logger, ShadowId shadow, string operation);

    [LoggerMessage(604, LogLevel.Warning, "The {Operation} of shadow {Shadow} could not be published: {Reason}")]
    public static partial void NotPublished(ILogger logger, ShadowId shadow, string operation, string reason);

    [LoggerMessage(605, LogLevel.Debug, "Shadow {Shadow} has moved on from version {Version} unseen: it is read")]
    public static partial void Gap(ILogger logger, ShadowId shadow, long version);

    [LoggerMessage(606, LogLevel.Error, "An edit of shadow {Shadow} is refused with {Code} and stays pending; everything else is sent: {Reason}")]
    public static partial void Refused(ILogger logger, ShadowId shadow, int code, string reason);

    [LoggerMessage(607, LogLevel.Information, "Shadow {Shadow} was deleted at version {Version}")]
    public static partial void Deleted(ILogger logger, ShadowId shadow, long version);

    [LoggerMessage(608, LogLevel.Warning, "A message on {Topic} ({Bytes} bytes) cannot be read and is ignored: {Reason}")]
    public static partial void Malformed(ILogger logger, string topic, int bytes, string reason);

    [LoggerMessage(609, LogLevel.Error, "Cannot subscribe to {Filter} and the shadow's other topics; trying again. Edits are kept meanwhile. {Reason}")]
    public static partial void NotSubscribed(ILogger logger, string filter, string reason);

    [LoggerMessage(610, LogLevel.Error, "Shadow {Shadow} could not take what the service said; it is read again later")]
    public static partial void SyncFailed(ILogger logger, ShadowId shadow, Exception exception);

    [LoggerMessage(611, LogLevel.Error, "A delta handler of shadow {Shadow} failed; the next delta goes to it all the same")]
    public static partial void DeltaHandlerFailed(ILogger logger, ShadowId shadow, Exception exception);

    [LoggerMessage(612, LogLevel.Error, "Unexpected error in the synchronisation loop; continuing")]
    public static partial void LoopFailed(ILogger logger, Exception exception);

    [LoggerMessage(613, LogLevel.Warning, "The shadow service takes {Maximum} levels of names in shadow {Shadow}: deeper edits are refused from now on. Set MaxDepth, now {MaxDepth}, to {Maximum}")]
    public static partial void DepthLowered(ILogger logger, ShadowId shadow, int maximum, int maxDepth);

    [LoggerMessage(614, LogLevel.Information, "An update of shadow {Shadow} was refused with {Code}; its {Members} members are sent in two parts to find the one that is refused: {Reason}")]
    public static partial void Searching(ILogger logger, ShadowId shadow, int code, int members, string reason);

    [LoggerMessage(615, LogLevel.Warning, "Others than its owner may use the state directory {Directory} (mode {Mode}). Its files are closed to them; for the directory, run: chmod 700 {Directory}")]
    public static partial void StateDirectoryOpen(ILogger logger, string directory, string mode);

    [LoggerMessage(616, LogLevel.Information, "The readable shadow state in {Directory} is encrypted from now on: remove MigratePlainState")]
    public static partial void PlainStateMigrated(ILogger logger, string directory);

    [LoggerMessage(617, LogLevel.Warning, "Readable shadow state lies beside the encrypted state in {Directory}: it is not used, and removed. Find out who put it there, unless a migration was cut off")]
    public static partial void PlainStateIgnored(ILogger logger, string directory);
}
