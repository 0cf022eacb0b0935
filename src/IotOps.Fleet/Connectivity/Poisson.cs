namespace IotOps.Fleet.Connectivity;

/// <summary>The Poisson distribution.</summary>
internal static class Poisson
{
    /// <summary>How likely it is to see a number or more where another is expected.</summary>
    public static double Tail(int count, double expected)
    {
        if (count <= 0)
        {
            return 1;
        }

        // Away from the expectation, so that what is small keeps its digits.
        return count > expected ? Math.Min(1, Above(count, expected)) : Math.Max(0, 1 - Below(count - 1, expected));
    }

    private static double Above(int count, double expected)
    {
        double term = Term(count, expected), sum = 0;
        for (int i = count; term > sum * 1e-15; i++)
        {
            sum += term;
            term *= expected / (i + 1);
        }

        return sum;
    }

    private static double Below(int count, double expected)
    {
        double term = Term(count, expected), sum = 0;
        for (int i = count; i >= 0 && term > sum * 1e-15; i--)
        {
            sum += term;
            term *= i / expected;
        }

        return sum;
    }

    private static double Term(int count, double expected) => Math.Exp((count * Math.Log(expected)) - expected - LogFactorial(count));

    private static double LogFactorial(int n)
    {
        if (n > 50)
        {
            // Stirling's series; beyond 50 exact to the last digits.
            return ((n + 0.5) * Math.Log(n)) - n + (0.5 * Math.Log(2 * Math.PI)) + (1.0 / (12.0 * n)) - (1.0 / (360.0 * n * n * n));
        }

        double sum = 0;
        for (int i = 2; i <= n; i++)
        {
            sum += Math.Log(i);
        }

        return sum;
    }
}
