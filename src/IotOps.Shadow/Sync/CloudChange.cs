using IotOps.Shadow.Documents;
using IotOps.Shadow.Store;

namespace IotOps.Shadow.Sync;

/// <summary>What each word of the service makes of a shadow's state. Pure: one state in, the next one out.</summary>
/// <param name="merge">Brings the device's edits and the cloud's together.</param>
/// <param name="direction">Which way state flows.</param>
internal sealed class CloudChange(ThreeWayMerge merge, ShadowDirection direction)
{
    /// <summary>The whole shadow was read.</summary>
    public ShadowState Read(ShadowState state, ShadowMessage message) =>
        Take(state, message.Document(), ShadowMerge.Prune(message.Times()) ?? ShadowValue.EmptyObject) with
        {
            Version = message.Version,
            Timestamp = Math.Max(state.Timestamp, message.Timestamp),
            Exists = true,
            DeletePending = false,
            Sent = null,
        };

    /// <summary>There is no shadow, or no longer.</summary>
    public ShadowState Missing(ShadowState state, long version) =>
        Take(state, ShadowValue.EmptyObject, ShadowValue.EmptyObject) with
        {
            Version = version,
            Exists = false,
            DeletePending = false,
            Sent = null,
        };

    /// <summary>An update was accepted that follows on the version known.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="message">The update.</param>
    /// <param name="isOwn">This device sent it: whatever differs here by now is a later edit, and stays.</param>
    /// <param name="isAnswer">It answers the update that is waited for.</param>
    public ShadowState Updated(ShadowState state, ShadowMessage message, bool isOwn, bool isAnswer)
    {
        ShadowValue cloud = ShadowMerge.Apply(state.Cloud, message.Patch()) ?? ShadowValue.EmptyObject;
        ShadowValue metadata = ShadowMerge.Apply(state.Metadata, message.Times()) ?? ShadowValue.EmptyObject;
        ShadowState next = isOwn ? state.With(cloud, state.Local) : Take(state, cloud, metadata);
        return next with
        {
            Metadata = metadata,
            Version = message.Version,
            Timestamp = Math.Max(state.Timestamp, message.Timestamp),
            Exists = true,
            Sent = isAnswer ? null : state.Sent,
        };
    }

    /// <summary>A delta came before the update it belongs to: its values are newer than those here, its version is not yet reached.</summary>
    public ShadowState Delta(ShadowState state, ShadowValue delta)
    {
        ShadowValue patch = ShadowValue.FromSorted([SectionNames.Desired], [delta]);
        return Take(state, ShadowMerge.Apply(state.Cloud, patch) ?? ShadowValue.EmptyObject, state.Metadata);
    }

    private ShadowState Take(ShadowState state, ShadowValue cloud, ShadowValue metadata)
    {
        ShadowValue common = ShadowMerge.Acknowledge(state.Cloud, state.Sent, cloud) ?? ShadowValue.EmptyObject;
        ShadowValue local = direction switch
        {
            ShadowDirection.FromCloud => cloud,
            ShadowDirection.ToCloud => state.Local,
            _ => merge.State(common, state.Local, cloud),
        };
        return state.With(cloud, local) with { Metadata = metadata };
    }
}
