using FsCheck;
using FsCheck.Fluent;

namespace IotOps.Shadow.Tests.Documents;

/// <summary>Random documents of few names, so that they meet.</summary>
internal static class RandomDocuments
{
    private static readonly Gen<ShadowValue> Leaf = Gen.OneOf(
        Gen.Choose(0, 3).Select(static n => (ShadowValue)n),
        Gen.Elements("x", "y").Select(static s => (ShadowValue)s),
        Gen.Elements(ShadowValue.Parse("[1,{\"a\":2}]"), ShadowValue.Parse("[]"), ShadowValue.Parse("true")));

    /// <summary>An object as the service keeps it: no nulls, no empty objects; may be empty itself.</summary>
    public static Gen<ShadowValue> Document { get; } =
        Object(3).Select(static value => IotOps.Shadow.Documents.ShadowMerge.Prune(value) ?? ShadowValue.EmptyObject);

    /// <summary>A patch: nulls remove.</summary>
    public static Gen<ShadowValue> Patch { get; } = Object(3, withNull: true);

    private static Gen<ShadowValue> Object(int depth, bool withNull = false) =>
        from names in Gen.SubListOf("a", "b", "c", "d")
        from values in Value(depth - 1, withNull).ListOf(names.Count)
        select ShadowValue.FromMembers(names.Zip(values, static (name, value) => new KeyValuePair<string, ShadowValue>(name, value)));

    private static Gen<ShadowValue> Value(int depth, bool withNull)
    {
        Gen<ShadowValue> leaf = withNull ? Gen.OneOf(Leaf, Gen.Constant(ShadowValue.Null)) : Leaf;
        return depth == 0 ? leaf : Gen.OneOf(leaf, Object(depth, withNull));
    }
}
