using FsCheck;
using FsCheck.Fluent;
using IotOps.Aws.Signing;

namespace IotOps.Aws.Tests.Signing;

public sealed class CanonicalFormTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(500);

    [Fact]
    public void Encoding_agrees_with_the_base_librarys() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text =>
        {
            string wellFormed = WellFormed(text.Get);
            return PercentEncoding.EncodeQuery(wellFormed) == Uri.EscapeDataString(wellFormed);
        }).Check(Thorough);

    [Fact]
    public void The_order_of_query_parameters_does_not_matter() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(NonNull<string>, NonNull<string>)[]>(), pairs =>
        {
            string[] encoded = [.. pairs.Select(p => $"{Uri.EscapeDataString(WellFormed(p.Item1.Get))}={Uri.EscapeDataString(WellFormed(p.Item2.Get))}")];
            return Canonical(string.Join('&', encoded)) == Canonical(string.Join('&', Enumerable.Reverse(encoded)));
        }).Check(Thorough);

    [Fact]
    public void A_canonical_query_is_its_own_canonical_form() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text =>
        {
            string once = Canonical(WellFormed(text.Get));
            return Canonical(once) == once;
        }).Check(Thorough);

    // A lone surrogate has no UTF-8 form; no request can carry one.
    private static string WellFormed(string text) => string.Concat(text.EnumerateRunes());

    private static string Canonical(string query)
    {
        var target = new Utf8Buffer(16);
        try
        {
            CanonicalQuery.Append(ref target, query);
            return target.ToString();
        }
        finally
        {
            target.Dispose();
        }
    }
}
