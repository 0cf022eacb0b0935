using FsCheck;
using FsCheck.Fluent;
using IotOps.Shadow.Documents;

namespace IotOps.Shadow.Tests.Documents;

public sealed class PatchPartProperties
{
    private static readonly Gen<(ShadowValue Document, ShadowValue Patch)> Changes =
        from document in RandomDocuments.Document
        from other in RandomDocuments.Document
        let patch = ShadowMerge.Diff(document, other)
        where patch is not null
        select (document, patch);

    [Fact]
    public void Two_halves_one_after_the_other_do_what_the_whole_does() => Check(Changes, static change =>
    {
        (ShadowValue? first, ShadowValue? second) = PatchParts.Halve(change.Patch);
        int count = PatchParts.Count(change.Patch);
        return PatchParts.Count(first) == count / 2 && PatchParts.Count(second) == count - (count / 2)
            && Equals(Apply(Apply(change.Document, first), second), Apply(change.Document, change.Patch))
            && Equals(Apply(Apply(change.Document, second), first), Apply(change.Document, change.Patch));
    });

    [Fact]
    public void A_patch_without_one_half_is_the_other() => Check(Changes, static change =>
    {
        (ShadowValue? first, ShadowValue? second) = PatchParts.Halve(change.Patch);
        return Equals(PatchParts.Without(change.Patch, second!), first)
            && (first is null || (Equals(PatchParts.Without(change.Patch, first), second) && Equals(PatchParts.Named(change.Patch, first), first)))
            && Equals(PatchParts.Named(change.Patch, second!), second);
    });

    [Fact]
    public void What_is_left_without_the_deeper_members_is_deep_enough_and_loses_no_other() => Check(Changes, static change =>
    {
        for (int levels = 0; levels < 5; levels++)
        {
            ShadowValue? deep = PatchParts.Deeper(change.Patch, levels);
            ShadowValue? rest = deep is null ? change.Patch : PatchParts.Without(change.Patch, deep);
            if (PatchParts.Count(deep) + PatchParts.Count(rest) != PatchParts.Count(change.Patch)
                || (rest is not null && (PatchParts.Deeper(rest, levels) is not null || Depth(ShadowMerge.Prune(rest)) > levels)))
            {
                return false;
            }
        }

        return true;
    });

    private static int Depth(ShadowValue? value) => value?.Depth ?? 0;

    private static ShadowValue? Apply(ShadowValue? document, ShadowValue? patch) => ShadowMerge.Apply(document, patch);

    private static void Check<T>(Gen<T> gen, Func<T, bool> holds) => Prop.ForAll(gen.ToArbitrary(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
}
