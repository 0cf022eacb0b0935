using FsCheck;
using FsCheck.Fluent;
using IotOps.Shadow.Documents;

namespace IotOps.Shadow.Tests.Documents;

public sealed class MergeProperties
{
    private static readonly Gen<(ShadowValue A, ShadowValue B, ShadowValue C)> Three =
        from a in RandomDocuments.Document
        from b in RandomDocuments.Document
        from c in RandomDocuments.Document
        select (a, b, c);

    [Fact]
    public void A_difference_applied_gives_the_other_document() => Check(Three, static s =>
        Equals(ShadowMerge.Apply(s.A, ShadowMerge.Diff(s.A, s.B)) ?? ShadowValue.EmptyObject, s.B));

    [Fact]
    public void There_is_no_difference_exactly_between_equal_documents() => Check(Three, static s =>
        ShadowMerge.Diff(s.A, s.B) is null == s.A.Equals(s.B));

    [Fact]
    public void A_patch_twice_is_the_patch_once() => Check(Patched, static s =>
    {
        ShadowValue? once = ShadowMerge.Apply(s.Document, s.Patch);
        return Equals(ShadowMerge.Apply(once, s.Patch), once);
    });

    [Fact]
    public void A_patch_that_changes_nothing_gives_the_very_document_back() => Check(Patched, static s =>
    {
        ShadowValue? once = ShadowMerge.Apply(s.Document, s.Patch);
        return ReferenceEquals(ShadowMerge.Apply(once, s.Patch), once);
    });

    [Fact]
    public void Reporting_the_delta_leaves_no_delta() => Check(Three, static s =>
    {
        ShadowValue? delta = ShadowMerge.Delta(s.A, s.B);
        return ShadowMerge.Delta(s.A, ShadowMerge.Apply(s.B, delta)) is null;
    });

    [Fact]
    public void What_one_side_alone_changed_is_the_outcome() => Check(Three, static s =>
        Equals(Merge(s.A, s.B, s.A), s.B) && Equals(Merge(s.A, s.A, s.B), s.B));

    [Fact]
    public void Both_sides_agree_when_each_takes_the_outcome() => Check(Three, static s =>
    {
        // The device's outcome becomes the cloud's by the patch that is published.
        ShadowValue merged = Merge(s.A, s.B, s.C);
        ShadowValue cloud = ShadowMerge.Apply(s.C, ShadowMerge.Diff(s.C, merged)) ?? ShadowValue.EmptyObject;
        return cloud.Equals(merged) && Merge(merged, merged, cloud).Equals(merged);
    });

    [Fact]
    public void Of_fields_that_both_changed_the_owner_has_the_word() => Check(Three, static s =>
        Merge(s.A, s.B, s.C, ShadowConflicts.DeviceWins).Equals(Merge(s.A, s.C, s.B, ShadowConflicts.CloudWins)));

    [Fact]
    public void What_this_device_sent_and_the_cloud_has_is_no_change_of_the_clouds() => Check(Three, static s =>
    {
        // The update arrived, its answer did not, and then the device edited on: the later edit stays, even where the cloud owns.
        ShadowValue? sent = ShadowMerge.Diff(s.A, s.B);
        ShadowValue common = ShadowMerge.Acknowledge(s.A, sent, s.B) ?? ShadowValue.EmptyObject;
        return Merge(common, s.C, s.B, ShadowConflicts.CloudWins).Equals(s.C);
    });

    private static Gen<(ShadowValue Document, ShadowValue Patch)> Patched =>
        from document in RandomDocuments.Document
        from patch in RandomDocuments.Patch
        select (document, patch);

    private static ShadowValue Merge(ShadowValue common, ShadowValue device, ShadowValue cloud, ShadowConflictResolver? resolver = null)
    {
        ShadowConflictResolver owner = resolver ?? ShadowConflicts.DeviceWins;
        return new ThreeWayMerge(ShadowId.Classic, owner, owner).State(Wrap(common), Wrap(device), Wrap(cloud))["reported"] ?? ShadowValue.EmptyObject;
    }

    private static ShadowValue Wrap(ShadowValue section) =>
        section.Count == 0 ? ShadowValue.EmptyObject : ShadowValue.FromMembers([new("reported", section)]);

    private static void Check<T>(Gen<T> gen, Func<T, bool> holds) =>
        Prop.ForAll(gen.ToArbitrary(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
}
