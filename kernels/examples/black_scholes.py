"""Black-Scholes prices of European options (F. Black, M. Scholes, J. Political Economy 81 (1973)).

    spot, strike, years   f64[n]: price of the asset, exercise price, time to expiry in years
    rate, volatility      numbers, per year
    call, put             f64[n], written

    durum run kernels/examples/black_scholes.py black_scholes spot='np.linspace(80, 120, 1_000_000)' \\
        strike='full(1_000_000, 100.0)' years='np.linspace(0.1, 2, 1_000_000)' rate=0.03 volatility=0.2 \\
        call='zeros(1_000_000)' put='zeros(1_000_000)' --out call=call.npy --out put=put.npy
"""

# ulp: 64
# call: black_scholes(np.linspace(80, 120, 32), full(32, 100.0), np.linspace(0.5, 2, 32), 0.03, 0.3, zeros(32), zeros(32))


def normal_cdf(x):
    return 0.5 * (1.0 + math.erf(x / math.sqrt(2.0)))


def black_scholes(spot, strike, years, rate, volatility, call, put):
    for i in prange(len(spot)):
        spread = volatility * np.sqrt(years[i])
        d1 = (np.log(spot[i] / strike[i]) + (rate + 0.5 * volatility * volatility) * years[i]) / spread
        d2 = d1 - spread
        discounted = strike[i] * np.exp(-rate * years[i])
        call[i] = spot[i] * normal_cdf(d1) - discounted * normal_cdf(d2)
        put[i] = discounted * normal_cdf(-d2) - spot[i] * normal_cdf(-d1)
